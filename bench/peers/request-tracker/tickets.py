"""Tickets of Request Tracker: the rows that its own objects leave, by COPY. Prints the facts that the load needs."""

import datetime
import json
import os

import psycopg

PRIORITY = {1: 90, 2: 70, 3: 40, 4: 10}
HEAD = 'Content-Type: text/plain; charset="utf-8"\nX-RT-Interface: REST\nX-RT-Original-Encoding: utf-8\nContent-Length: %d\n'


def lines_of(name):
    with open(f"{os.environ['DATA']}/{name}.jsonl") as file:
        return [json.loads(line) for line in file]


def instant(seconds):
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime("%Y-%m-%d %H:%M:%S")


class Table:
    """Rows of a table with ids that go on from the last."""

    def __init__(self, cursor, name, columns):
        self.cursor, self.name, self.columns, self.rows = cursor, name, columns, []
        self.last = self.before = cursor.execute(f"SELECT coalesce(max(id), 0) FROM {name}").fetchone()[0]

    def add(self, *values):
        self.last += 1
        self.rows.append((self.last, *values))
        return self.last

    def write(self):
        with self.cursor.copy(f"COPY {self.name} (id, {self.columns}) FROM STDIN") as copy:
            for row in self.rows:
                copy.write_row(row)
        self.cursor.execute(f"SELECT setval('{self.name}_id_seq', {max(self.last, 1)})")


def main():
    connection = psycopg.connect("")
    cursor = connection.cursor()
    users = dict(cursor.execute("SELECT name, id FROM users").fetchall())
    queue = cursor.execute("SELECT id FROM queues WHERE name = 'Support'").fetchone()[0]
    people = {person["id"]: users[person["email"]] for person in lines_of("people")}
    technicians = {person["id"]: users[person["login"]] for person in lines_of("technicians")}

    tickets = Table(cursor, "tickets", "effectiveid, queue, type, owner, subject, initialpriority, finalpriority, priority, "
                    "timeestimated, timeworked, status, timeleft, started, resolved, lastupdatedby, lastupdated, creator, created")
    principals = Table(cursor, "principals", "principaltype, disabled")
    groups = Table(cursor, "groups", "name, domain, instance, creator, created, lastupdatedby, lastupdated")
    # A role of a ticket is a group, and a group is a principal with the same id.
    principals.last = groups.last = max(principals.last, groups.last)
    members = Table(cursor, "groupmembers", "groupid, memberid, creator, created, lastupdatedby, lastupdated")
    cached = Table(cursor, "cachedgroupmembers", "groupid, memberid, via, immediateparentid, disabled")
    transactions = Table(cursor, "transactions", "objecttype, objectid, timetaken, type, field, oldvalue, newvalue, creator, created")
    attachments = Table(cursor, "attachments", "transactionid, parent, messageid, subject, contenttype, contentencoding, content, headers, "
                        "creator, created")

    def happened(ticket, kind, who, when, text, change=(None, None, None)):
        transaction = transactions.add("RT::Ticket", ticket, 0, kind, *change, who, when)
        if text:
            message = f"rt-{transaction}@peer.example"
            subject = "ticket" if kind == "Create" else None
            attachments.add(transaction, 0, message, subject, "text/plain", "none", text, HEAD % len(text), who, when)

    for ticket in lines_of("tickets"):
        opened, changed = instant(ticket["opened"]), instant(ticket["changed"])
        owner, requester = technicians[ticket["technician"]], people[ticket["requester"]]
        priority = PRIORITY[ticket["priority"]]
        status, over = ("open", None) if ticket["open"] else ("resolved", changed)
        own = tickets.add(tickets.last + 1, queue, "ticket", owner, ticket["subject"], priority, 0, priority, 0, 0, status, 0,
                          opened, over, owner, changed, requester, opened)
        for role, who in (("AdminCc", None), ("Cc", None), ("Owner", owner), ("Requestor", requester)):
            group = principals.add("Group", 0)
            groups.add(role, "RT::Ticket-Role", own, 1, opened, 1, opened)
            via = cached.last + 1
            cached.add(group, group, via, group, 0)
            if who:
                members.add(group, who, 1, opened, 1, opened)
                cached.add(group, who, cached.last + 1, group, 0)
        happened(own, "Create", requester, opened, ticket["text"])
        for reply in ticket["replies"]:
            who = owner if reply["by"] == "technician" else requester
            happened(own, "Correspond", who, instant(reply["at"]), reply["text"])
        if not ticket["open"]:
            happened(own, "Status", owner, changed, None, ("Status", "open", "resolved"))

    for table in (tickets, principals, groups, members, cached, transactions, attachments):
        table.write()
    cursor.execute("INSERT INTO attachmentsindex (id, contentindex) SELECT id, to_tsvector(coalesce(subject, '') || ' ' || content) "
                   "FROM attachments WHERE id > %s", (attachments.before,))
    connection.commit()
    connection.autocommit = True
    cursor.execute("VACUUM ANALYZE")
    print(f"first={tickets.before + 1}")


main()
