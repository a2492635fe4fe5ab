//! What people ask for: their access, their devices, the programs that they work with.

use super::{Topic, topic};

pub const TOPICS: &[Topic] = &[
    topic(
        "helpdesk.triage",
        &[
            (
                "Not sure whom to ask: screen flickers at {room}",
                "The second screen at {room} goes black for a second every few minutes. It may be the cable, the dock or the screen itself.",
            ),
            (
                "New starter on Monday: what do we need?",
                "Somebody new starts at {place} on Monday. Who prepares desk, badge and sign-in, and by when do you need the form?",
            ),
            (
                "Clock on {device} is wrong",
                "{device} shows a time that is {n} minutes late, so meetings are joined late.",
            ),
            (
                "Desk at {room} has no working sockets",
                "Both network sockets at {room} are dead since the desks were moved.",
            ),
            (
                "Strange message at sign-in on {device}",
                "{device} says that the organisation manages some settings. Is that meant to be so?",
            ),
            (
                "Question about working from home",
                "What do I need to take along from {place} to work from home for two weeks?",
            ),
        ],
        &[
            "Called back: nobody else at {place} sees it.",
            "Looked at {device} over remote support; nothing in its log.",
            "Asked the site contact at {place} for a photo of the set-up.",
        ],
        "Could you tell us since when, and whether anybody beside you sees the same?",
        &[
            "It was the cable of the dock; replaced from the stock at {place}.",
            "Settings were taken from an old profile; renewed, and seen right by the requester.",
            "Explained on the phone and written into the knowledge of the desk.",
        ],
    ),
    topic(
        "helpdesk.password-reset",
        &[
            (
                "Locked out after the holidays",
                "My password ran out while I was away and I am locked out on {device}.",
            ),
            (
                "Account locked, {n} wrong tries",
                "The account locks again and again, though I type the right password.",
            ),
            (
                "Password forgotten: shared station at {room}",
                "Nobody at {room} knows the password of the shared station any more.",
            ),
            (
                "Cannot set a new password",
                "It says that the new password does not fit the rules, whatever I choose.",
            ),
            (
                "Phone still asks for the old password",
                "Since the change this morning my phone asks for a password every {n} minutes.",
            ),
            (
                "Reset for a colleague in hospital",
                "We need the mailbox of a colleague who is away ill; approval is attached.",
            ),
        ],
        &[
            "Called back on the number in the directory and asked the agreed question.",
            "Unlocked; it locks again from {device}, an old session has the old password.",
            "Looked at the sign-in log: all tries come from one phone.",
        ],
        "Please call us from the number in the directory, so that we know it is you.",
        &[
            "Reset after a call back; the old sessions were ended.",
            "The old password was kept in the mail app of a phone; removed there.",
            "Unlocked, and the requester has chosen a new password.",
        ],
    ),
    topic(
        "applications.first-help",
        &[
            (
                "Orders window closes by itself",
                "The program closes when I open the list of orders. {n} colleagues at {place} have the same.",
            ),
            (
                "Cannot print from the planning program",
                "Printing works everywhere else on {device}, only the planning program says that there is no printer.",
            ),
            (
                "Program is very slow since the update",
                "Opening a record takes {n} seconds since last night's update.",
            ),
            (
                "Licence has run out, says the program",
                "{device} shows a notice about the licence and then only lets me read.",
            ),
            (
                "Letters come out empty",
                "The template for letters gives an empty page, though the preview is right.",
            ),
            ("Button 'approve' is grey", "I approve every week, and today the button cannot be pressed."),
        ],
        &[
            "Same on a second account on {device}, so it is not the profile.",
            "Repaired the program on {device}; no change.",
            "The maker's notes name this for the version of last week.",
        ],
        "Which record did you have open? A picture of the whole window would help.",
        &[
            "Took the update back at {place}; the maker will mend it in the next one.",
            "The profile of the program was damaged; made anew from the template.",
            "A setting for the default printer was missing; set by policy for all at {place}.",
        ],
    ),
    topic(
        "devices.repair",
        &[
            (
                "{device} does not start",
                "Black screen, one light blinks {n} times. It worked yesterday evening.",
            ),
            (
                "Battery of {device} lasts twenty minutes",
                "Away from the socket it is off before the meeting has begun.",
            ),
            (
                "Keyboard: several keys dead",
                "The keys in one row do nothing since coffee was spilled at {room}.",
            ),
            ("Fan of {device} is loud all day", "It is so loud that callers hear it."),
            ("Hinge of a laptop is broken", "The lid of {device} does not hold any more."),
            ("Blue screen on {device}, {n} times today", "It restarts by itself and work is lost each time."),
        ],
        &[
            "Started from a stick: the disk of {device} is not seen.",
            "Memory test ran through; next is the mainboard.",
            "Warranty of {device} looked up: still covered. Case opened with the maker.",
        ],
        "Is {device} with you at {place}, and may we keep it over night?",
        &[
            "Disk replaced under warranty, set up anew, files from the backup.",
            "Lent a device from the pool; {device} came back repaired and was handed over.",
            "Battery replaced at {place}; runs for the whole day again.",
        ],
    ),
    topic(
        "m365.mailboxes",
        &[
            (
                "Mailbox is full",
                "I cannot send any more: the mailbox is full, and I need to keep the mails of last year.",
            ),
            (
                "Mail to a customer comes back",
                "Every mail to one customer comes back with a long notice, since {n} days.",
            ),
            (
                "Shared mailbox is gone from {device}",
                "The mailbox of the reception is not in the list any more.",
            ),
            ("Mails arrive hours late", "Mails from outside arrive two hours late at {place}."),
            (
                "Calendar of the meeting room refuses everybody",
                "{room} declines every invitation, although it is free.",
            ),
            ("Out-of-office cannot be switched off", "I am back, and it still answers that I am away."),
        ],
        &[
            "Message trace: it left us at once and waits at the other side.",
            "Took the account out of the profile on {device} and added it again.",
            "Rights on the mailbox are as they should be; waiting for the directory.",
        ],
        "Could you send us one of the notices as an attachment, not as a picture?",
        &[
            "Archive switched on and the older mails moved there.",
            "Our address was on a blocking list; taken off, and the cause was mended.",
            "Rights were given to a group that had been renamed; set anew.",
        ],
    ),
    topic(
        "users.access-requests",
        &[
            (
                "Access to the folder of the project",
                "I have joined the project and see the folder, but cannot open it.",
            ),
            (
                "Lost rights after changing departments",
                "Since my move to {place} I cannot open the reports of my new team.",
            ),
            (
                "Access for a temporary colleague, {n} weeks",
                "Somebody helps out at {place} and needs what I have, without the payroll.",
            ),
            (
                "Cannot approve in the portal",
                "I am to stand in for my manager and cannot see what waits for approval.",
            ),
            (
                "Read access to last year's contracts",
                "For the audit I need to read the contracts, not change them.",
            ),
            (
                "Remove access of a colleague who has left",
                "The colleague left on Friday and still stands in the list of {room}.",
            ),
        ],
        &[
            "Compared the groups with those of a colleague in the same role.",
            "Owner of the folder asked for approval.",
            "Added to the group; waits until the next sign-in.",
        ],
        "Who of the owners of that folder has agreed? Their answer here is enough.",
        &[
            "Approved by the owner and added to the right group; works after a new sign-in.",
            "Groups of the old department removed, those of the new one added.",
            "Given until the end of the month; it ends by itself.",
        ],
    ),
    topic(
        "devices.printers",
        &[
            ("Printer at {room} jams", "Paper jams on every third page since the new delivery."),
            ("Printer prints strange signs", "A page of strange signs from {device}, then it stops."),
            ("Nobody at {place} can print", "The queue grows, nothing comes out. Restarted {n} times."),
            ("Stripes on every page", "Light stripes from top to bottom; a new cartridge did not help."),
            ("Scan to mail does not arrive", "The printer at {room} says sent, nothing arrives."),
            ("Badge is not read at the printer", "My badge opens doors but not the printer."),
        ],
        &[
            "Emptied the queue on the print server; it fills up again from {device}.",
            "Certificate of the mail relay on the printer has run out.",
            "Site contact cleaned the rollers; a little better.",
        ],
        "Which paper is in the tray, and does a page printed at the panel come out clean?",
        &[
            "Driver replaced by the one that the others at {place} use.",
            "Rollers replaced by the maker's technician on site.",
            "Scanning uses the new relay now; three test scans arrived.",
        ],
    ),
    topic(
        "applications.finance",
        &[
            (
                "Payment run stops half way",
                "The run of this morning stopped after {n} payments; we do not know which went out.",
            ),
            ("Invoice cannot be posted", "The period is open, and still it says that it is closed."),
            ("Bank statement is not imported", "The file of yesterday is there, the import finds nothing."),
            (
                "Report shows last month's figures",
                "The overview for the management at {place} does not show this month.",
            ),
            ("Rounding differs by a cent", "The total of the order and that of the invoice differ."),
            (
                "Month end: two users cannot sign in",
                "Both get as far as the choice of the company, then nothing.",
            ),
        ],
        &[
            "Compared the log of the run with the bank: the first batch went out whole.",
            "Restarted the service of the import; the file is locked by another process.",
            "Put to the maker with the log of the run.",
        ],
        "Which company and which period had you chosen?",
        &[
            "The second batch was sent alone after finance had agreed; figures compared.",
            "Lock of a session that had ended removed; import ran.",
            "Calendar of periods corrected by the owner of the application.",
        ],
    ),
    topic(
        "network.wifi",
        &[
            ("Wi-Fi drops at {room}", "It drops every {n} minutes at {room}; at the window it is fine."),
            ("Guest Wi-Fi asks for a code that nobody has", "Visitors at {place} cannot get in."),
            (
                "Scanner in the store loses the network",
                "The hand scanner drops out at the far end of the store.",
            ),
            (
                "{device} does not see the company network",
                "It sees the neighbours' and the guests', not ours.",
            ),
            ("Slow Wi-Fi in the afternoon", "From two o'clock on calls break up at {place}."),
            ("Access point at {room} blinks red", "It blinks red since the thunderstorm."),
        ],
        &[
            "Access point at {room} is overloaded: {n} devices on one channel.",
            "Replaced the certificate on {device}; it joins again, watching.",
            "Measured on site: a new wall takes most of the signal.",
        ],
        "Where exactly were you, and at what time? We compare it with the controller.",
        &[
            "One more access point hung at {room}; measured, calls hold.",
            "Channel plan of {place} made anew; no drop for three days.",
            "Old certificate removed from {device}, the new one is used.",
        ],
    ),
    topic(
        "infrastructure.file-server",
        &[
            (
                "Folder of the team is gone",
                "Since this morning our folder is not there. Others still see it.",
            ),
            ("File opens read-only", "It says that a colleague has it open, who is on holiday."),
            (
                "Please restore a folder from Tuesday",
                "Somebody at {place} moved a folder with {n} files into another and now both are mixed.",
            ),
            ("Drive is not connected on {device}", "A red cross on the drive after every start."),
            ("No space left on the drive", "We cannot save any more at {place}."),
            ("Very slow to open drawings", "A drawing takes {n} minutes to open since last week."),
        ],
        &[
            "Found it one level up: moved by mistake at 09:12.",
            "Open handle closed on the server.",
            "Quota of the share is used up; owner asked what can go.",
        ],
        "What was the whole path, and when did you last see it there?",
        &[
            "Restored from the backup of the night before, beside the present one, and compared with the requester.",
            "Moved back; rights of the level above were narrowed so that it cannot happen again.",
            "Two old projects moved to the archive; a third of the space is free.",
        ],
    ),
    topic(
        "monitoring.vpn",
        &[
            ("VPN does not connect from home", "It stops at the last step, since the update of {device}."),
            ("VPN drops during calls", "It drops every {n} minutes and comes back by itself."),
            ("Cannot reach the file server over VPN", "VPN is on, mail works, the drive does not."),
            ("Tunnel to {place} is down", "The monitor shows the tunnel to {place} down since the night."),
            ("VPN asks for the code twice", "I type the code, and it asks for another at once."),
            ("Hotel network blocks the VPN", "I am on the road until Friday and cannot get in."),
        ],
        &[
            "Logs of the gateway: the client offers an old cipher.",
            "Split tunnel lacks the new network of the file server.",
            "Provider of the line at {place} sees errors on the port.",
        ],
        "Which network are you in, and does it work from your phone's hotspot?",
        &[
            "Client updated on {device}; connects at the first try.",
            "Route for the new network added for everybody.",
            "Line at {place} was mended by its provider; tunnel steady since.",
        ],
    ),
];
