//! What is wrong with what stands behind them: networks, servers, the protection of both.

use super::{Topic, topic};

pub const TOPICS: &[Topic] = &[
    topic(
        "devices.mobile",
        &[
            ("New phone: mail is not set up", "I got a new phone and cannot get mail on it."),
            ("Phone lost on the train", "I lost my phone this morning. Please lock it."),
            (
                "Tablet at {room} does not update",
                "The tablet for visitors says since {n} days that an update waits.",
            ),
            ("SIM card is not recognised", "After the change of contract the phone shows no network."),
            ("App of the company is gone", "The app was there yesterday, today it is not."),
            ("Screen of the phone is cracked", "It works, but I cut my finger on it."),
        ],
        &[
            "Locked from the console and marked as lost; no sign of life yet.",
            "Enrolment fails at the profile; the old phone is still counted.",
            "Contract looked up with the carrier: the card is not active yet.",
        ],
        "Is it the company's phone or your own? The way is another for each.",
        &[
            "Old phone taken off the list, the new one enrolled; mail and calendar are there.",
            "Wiped from afar; a spare was sent to {place}.",
            "Carrier has activated the card; call tested with the requester.",
        ],
    ),
    topic(
        "m365.teams",
        &[
            ("No sound in meetings", "The others hear me, I do not hear them, on {device} only."),
            ("Cannot invite guests", "Guests from the customer are turned away at the door."),
            ("Channel of the project is gone", "The channel was there on Friday. {n} people miss it."),
            ("Camera at {room} is not found", "The room system at {room} says that there is no camera."),
            ("Recording cannot be found", "I recorded the meeting and cannot find it anywhere."),
            (
                "Status shows away all day",
                "I sit at my desk at {place} and everybody believes that I am away.",
            ),
        ],
        &[
            "Driver of the headset on {device} was replaced by an update.",
            "Guest access for that domain was not on the list.",
            "Restarted the room system; the camera is on the wrong port.",
        ],
        "Does it also happen in the browser instead of the program?",
        &[
            "Sound device set right and pinned; tested in a call.",
            "Domain added after the approval of the owner; guests came in.",
            "Channel was archived by mistake; brought back with all its files.",
        ],
    ),
    topic(
        "network.telephony",
        &[
            ("Callers hear nothing", "Callers hear nothing for the first {n} seconds."),
            (
                "Number of the reception rings elsewhere",
                "Since the change at {place} calls to the reception ring in the store.",
            ),
            ("Desk phone at {room} is dead", "No light, no tone."),
            ("Voicemail cannot be heard", "It says that I have messages, and then it hangs up."),
            ("Calls to mobiles break off", "Calls to mobiles break off after two minutes."),
            ("Queue announces the wrong hours", "The announcement still says that we close at four."),
        ],
        &[
            "Trace shows that the codec is agreed on late; asked the carrier.",
            "Port at {room} gives no power; patched to another.",
            "Routing plan compared with that of last week.",
        ],
        "To which number, from which number, and at what time? One example is enough.",
        &[
            "Carrier has changed the order of codecs; ten test calls were fine.",
            "Routing put right; the reception has confirmed it.",
            "Port replaced on the switch at {place}.",
        ],
    ),
    topic(
        "infrastructure.servers",
        &[
            (
                "Server does not answer",
                "Nobody at {place} can start the ordering system; the server does not answer.",
            ),
            ("Disk nearly full on a server", "The monitor warns: {n} % left on the data disk."),
            ("Service stops every night", "The service is off each morning and somebody starts it by hand."),
            ("Backup of a server failed", "The report of the night shows one server in red."),
            ("Server restarts by itself", "It restarted twice since midnight."),
            ("Certificate of the intranet runs out", "The browser warns everybody at {place}."),
        ],
        &[
            "Memory of one process grows until the night; dump taken.",
            "Old logs packed; {n} % free again for now.",
            "Event log names the power supply; the second one holds.",
        ],
        "May we restart it at seven tonight? It takes ten minutes.",
        &[
            "Service updated by its maker's patch; steady for four nights.",
            "Power supply replaced in a window that was agreed; nobody noticed.",
            "Certificate renewed, and its end put under watch.",
        ],
    ),
    topic(
        "applications.industry",
        &[
            ("Machine list does not load", "The list of machines stays empty at {room}."),
            ("Images do not reach the viewer", "Pictures of today are missing in the viewer at {place}."),
            ("Interface to the supplier stands still", "Orders wait since {n} hours."),
            ("Labels are printed twice", "Every label comes out twice at {room}."),
            ("Wrong patient shown for a second", "When switching quickly the previous record flashes up."),
            ("Booking system shows rooms twice", "Two bookings for one room at {place}."),
        ],
        &[
            "Queue of the interface looked through: one message blocks the rest.",
            "Reproduced on the test system with the maker on the phone.",
            "Service account had lost its right on the folder.",
        ],
        "Which station was it, and what was on the screen before?",
        &[
            "The blocking message was mended and sent again; all orders went out.",
            "Maker's hotfix installed after the test with the key users at {place}.",
            "Right given again, and its owner noted.",
        ],
    ),
    topic(
        "security.endpoint-protection",
        &[
            (
                "Warning about a file from a mail",
                "{device} warns about a file that I opened. I have switched it off.",
            ),
            ("Protection is out of date on {device}", "It says since {n} days that it is not up to date."),
            ("Strange window asks to call a number", "A window fills the screen and says that I must call."),
            ("Own tool is blocked", "A script of ours at {place} is stopped as dangerous since today."),
            ("Somebody clicked a link", "A colleague at {place} clicked a link and typed the password."),
            ("Scan makes {device} unusable", "From nine to ten nothing works because of the scan."),
        ],
        &[
            "Isolated {device} from the network; file sent to the sandbox.",
            "Sessions ended and the password changed at once; sign-ins of the last days looked at.",
            "Agent installed anew on {device}; it reports again.",
        ],
        "Please leave {device} as it is and do not restart it. When did you open it?",
        &[
            "The file was harmless; {device} is back on the network and the sender was told.",
            "No sign that the password was used; second factor is required from now on.",
            "Exception for the signed script, by its hash, after security had read it.",
        ],
    ),
    topic(
        "network.internet",
        &[
            ("No internet at {place}", "Nothing works since {n} minutes, telephones neither."),
            ("Internet very slow", "A page takes half a minute at {place}."),
            (
                "One website cannot be reached",
                "The portal of a supplier cannot be reached from {place}, from home it can.",
            ),
            (
                "Video calls break up in the mornings",
                "Between eight and nine nobody at {place} can hold a call.",
            ),
            (
                "Second line does not take over",
                "When the main line was off last night, the second did not take over.",
            ),
            ("Upload of drawings breaks off", "It breaks off at the same size each time."),
        ],
        &[
            "Line is up, but loses packets; measured to the carrier's first hop.",
            "Restarted the modem with the site contact; no light on the line.",
            "Case opened with the carrier, number noted.",
        ],
        "Which lights are on at the box in {room}? A photo is best.",
        &[
            "Carrier has mended the line in the street; measured clean since.",
            "Failover was tested on Saturday and takes nine seconds.",
            "The filter took the portal for another; put right.",
        ],
    ),
    topic(
        "infrastructure.databases",
        &[
            ("Report runs into a time-out", "The monthly report stops after {n} minutes."),
            (
                "Deadlocks in the ordering system",
                "Users at {place} get a message about a lock several times a day.",
            ),
            ("Database grows quickly", "It has doubled in a month, says the monitor."),
            ("Wrong figures after the import", "The import of the night has doubled {n} records."),
            ("Access for the auditors", "The auditors need to read one view, nothing else."),
            ("Copy of the data for a test", "We need last night's data on the test system, without names."),
        ],
        &[
            "Plan of the query changed after the statistics were renewed.",
            "Import ran twice: the schedule was there twice.",
            "Found the table that grows: a log that is never emptied.",
        ],
        "Which report, with which choice of dates?",
        &[
            "Index added after a test on the copy; the report takes nine seconds.",
            "Doubles removed with the owner watching; the second schedule is gone.",
            "Log is kept for ninety days from now on.",
        ],
    ),
    topic(
        "users.mfa",
        &[
            ("New phone: codes do not come", "I changed my phone and cannot sign in any more."),
            ("Asked for a code all day", "Every {n} minutes on {device}."),
            ("Approvals that I did not ask for", "My phone asked me twice last night to approve a sign-in."),
            ("Security key is not recognised", "The key worked yesterday, {device} does not see it today."),
            ("No phone: how do I sign in?", "In the laboratory at {place} we may not have phones."),
            ("Code comes too late", "The code arrives when the page has given up."),
        ],
        &[
            "Called back and asked the agreed question before anything was changed.",
            "Sign-ins looked through: the tries come from abroad and failed.",
            "Clock of the phone is {n} minutes late.",
        ],
        "Please call us from a number in the directory; we do not change this by mail.",
        &[
            "Old phone removed, the new one enrolled while on the phone.",
            "Password changed, sessions ended; no sign-in had succeeded.",
            "A security key was handed out at {place} and enrolled there.",
        ],
    ),
    topic(
        "patching.failures",
        &[
            ("Update fails on {device}", "It tries each evening and fails at the same place."),
            ("{device} restarts in the middle of work", "It restarted for an update during a call."),
            ("{n} devices at {place} miss the update", "The report of the week shows them in red."),
            (
                "Program broken after the update",
                "Since the update of the night the planning program does not open.",
            ),
            (
                "Update waits for a restart since days",
                "It asks every hour, and I cannot restart before Friday.",
            ),
            ("Server missed its window", "The window of Saturday passed and nothing was installed."),
        ],
        &[
            "Error of the installer looked up: the component store is damaged.",
            "Repaired the store on {device}; next try tonight.",
            "Took the device out of the ring until the maker answers.",
        ],
        "When can {device} be restarted without disturbing you?",
        &[
            "Installed by hand after the repair; reports as current.",
            "Update held back for that program until its maker has a new version.",
            "Window moved to Sunday and tested once.",
        ],
    ),
];
