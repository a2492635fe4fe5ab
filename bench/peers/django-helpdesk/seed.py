"""A queue for each client, people, tickets and follow-ups, in bulk through the models. Prints the facts that the load needs."""

import datetime
import json
import os

import django

django.setup()

from django.contrib.auth.models import User  # noqa: E402
from django.db import connection  # noqa: E402
from helpdesk.models import FollowUp, Queue, Ticket, UserSettings  # noqa: E402

OPEN, CLOSED = 1, 4


def lines_of(name):
    with open(f"{os.environ['DATA']}/{name}.jsonl") as file:
        return [json.loads(line) for line in file]


def instant(seconds):
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc)


def person(login, who, **more):
    first, _, last = who["name"].partition(" ")
    return User(username=login, email=who["email"], first_name=first, last_name=last, password="!", **more)


User.objects.create_superuser("admin", "admin@peer.example", "Remit-bench-1")
queues = {
    client["id"]: Queue.objects.create(title=client["name"], slug=f"client-{client['id']}", allow_public_submission=True)
    for client in lines_of("clients")
}
technicians = {who["id"]: person(who["login"], who, is_staff=True) for who in lines_of("technicians")}
emails = {who["id"]: who["email"] for who in lines_of("people")}
people = {who["id"]: person(who["email"], who) for who in lines_of("people")}
User.objects.bulk_create([*technicians.values(), *people.values()])
# A signal makes these otherwise, and pages fail without them.
UserSettings.objects.bulk_create(UserSettings(user=user) for user in [*technicians.values(), *people.values()])

stories = lines_of("tickets")
tickets = [
    Ticket(
        title=story["subject"],
        description=story["text"],
        queue=queues[story["client"]],
        submitter_email=emails[story["requester"]],
        assigned_to=technicians[story["technician"]],
        status=OPEN if story["open"] else CLOSED,
        priority=story["priority"],
        created=instant(story["opened"]),
        modified=instant(story["changed"]),
        secret_key=f"key-{story['id']}",
    )
    for story in stories
]
Ticket.objects.bulk_create(tickets, batch_size=1000)
FollowUp.objects.bulk_create(
    (
        FollowUp(
            ticket=ticket,
            date=instant(reply["at"]),
            title="Comment",
            comment=reply["text"],
            public=True,
            user=technicians[story["technician"]] if reply["by"] == "technician" else people[story["requester"]],
        )
        for ticket, story in zip(tickets, stories)
        for reply in story["replies"]
    ),
    batch_size=2000,
)
connection.cursor().execute("ANALYZE")
print(f"first={tickets[0].id}")
print(f"queue={min(queue.id for queue in queues.values())}")
