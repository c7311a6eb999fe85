"""The second half of a drill: the alert is written and approved, people are told and answer, tasks are done."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from pasaj.core.drill import Player, delay, happens
from pasaj.core.problems import Refused
from pasaj.notify.channels import Incoming, Receipt
from pasaj.notify.models import Delivery
from pasaj.notify.services import escalation, inbound, outbox, receipts
from pasaj.respond.models import Activation, Alert, AlertMessage, ApprovalRequest, Task
from pasaj.respond.services import activations, alerts, tasks
from pasaj.site.drills.gateway import Taken
from pasaj.site.drills.play import DUTY, Stage
from pasaj.watch.models import Signal

DRAFTER = Player(minutes=30, from_hour=6, to_hour=22)
APPROVER = Player(minutes=18, from_hour=7, to_hour=21)
RECIPIENT = Player(minutes=35, spread=0.8, never=0.05)
INSTITUTION = Player(minutes=30, spread=0.6, factor=0.8, never=0.02)
NETWORK = Player(minutes=0.5, never=0.02)
LOOK = timedelta(minutes=5)  # how often what falls due is looked at while somebody is waited for
RENEW_HOUR = 8  # local: when the duty officer looks whether the alert is still needed
QUIET = timedelta(hours=60)  # without a verified signal, after which the all clear is given
OPEN = (Task.State.WAITING, Task.State.OPEN, Task.State.BLOCKED)


class Answer:
    """The answer of a drill: one alert, one activation, and everybody who is told or has something to do."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.agenda = stage.agenda
        self.alert = ""
        self.activation = ""
        self.seen: set[str] = set()
        self.last_signal = stage.agenda.now
        self.texts = 0
        self.due: set[datetime] = set()

    # --- The alert -------------------------------------------------------------------------------

    def verified(self, signal: Signal, now: datetime) -> None:
        """The first verified signal leads to an alert; later ones keep it going."""
        self.last_signal = now
        if not self.alert:
            self.alert = "being written"
            self.agenda.at(self.stage.by_duty(now, "drafter", DRAFTER, "draft"), lambda at: self.write(signal.code, at))

    def write(self, signal: str, now: datetime) -> None:
        """Draft the alert from its signals and hand it in."""
        duty = self.stage.people.duty
        origins = [alerts.Origin("signal", code) for code in dict.fromkeys((signal, *self.stage.real))]
        row = alerts.draft(hazard=self.stage.scenario.hazard, origins=origins, mode="exercise", actor=duty, now=now)
        self.alert = row.alert.code
        self.stage.first("drafted_at", now)
        self.stage.tell("drafted", row.identifier, now)
        self.hand_in(row.identifier, now)
        self.agenda.at(self.next_morning(now), self.look_again)

    def hand_in(self, identifier: str, now: datetime) -> None:
        """Submit, and wait for the approver; whoever cannot be reached is followed up by the services themselves."""
        alerts.submit(identifier=identifier, actor=self.stage.people.duty, now=now)
        self.wait_for(identifier, now)

    def wait_for(self, identifier: str, now: datetime) -> None:
        at = self.stage.after(now, "approver", APPROVER, f"approve/{identifier}", turn=1)
        self.agenda.at(at, lambda then: self.approve(identifier, then))
        self.agenda.at(now + LOOK, lambda then: self.follow(identifier, then))

    def approve(self, identifier: str, now: datetime) -> None:
        """The approver opens the page: if nobody else has approved by then, the alert goes out."""
        if AlertMessage.objects.get(identifier=identifier).state != AlertMessage.State.SUBMITTED:
            return
        for approver in self.stage.people.approvers:
            row = alerts.approve(identifier=identifier, actor=approver, now=now)
            self.stage.tell("approved", identifier, now)
            if row.state == AlertMessage.State.PUBLISHED:
                break
        self.look_at_alert(now)

    def follow(self, identifier: str, now: datetime) -> None:
        alerts.follow_up(now=now)
        self.look_at_alert(now)
        if AlertMessage.objects.get(identifier=identifier).state == AlertMessage.State.SUBMITTED:
            self.agenda.at(now + LOOK, lambda then: self.follow(identifier, then))

    def look_at_alert(self, now: datetime) -> None:
        """Note what was published since the last time, and activate the plan behind the first approved alert."""
        rows = AlertMessage.objects.filter(alert__code=self.alert, state=AlertMessage.State.PUBLISHED)
        for row in rows.exclude(identifier__in=self.seen).order_by("number"):
            self.seen.add(row.identifier)
            self.stage.add("messages")
            self.stage.tell("unratified" if row.unratified else "published", row.identifier, now)
            if row.unratified:
                continue
            self.stage.first("approved_at", now)
            self.stage.first("published_at", now)
            if not self.activation:
                self.activation = "being activated"
                self.agenda.at(self.stage.by_duty(now, "duty", DUTY, "activate"), self.activate)

    def next_morning(self, now: datetime) -> datetime:
        local = self.stage.local(now)
        at = local.replace(hour=RENEW_HOUR, minute=0, second=0, microsecond=0)
        return self.stage.aware(at if at > local else at + timedelta(days=1))

    def look_again(self, now: datetime) -> None:
        """Each morning: an alert in force is renewed while signals go on, and ends when they have stopped."""
        alert = Alert.objects.get(code=self.alert)
        if alert.state in (Alert.State.ENDED, Alert.State.CANCELLED, Alert.State.EXPIRED):
            return
        self.agenda.at(self.next_morning(now), self.look_again)
        waiting = alert.messages.filter(state__in=(AlertMessage.State.DRAFT, AlertMessage.State.SUBMITTED)).exists()
        if alert.state != Alert.State.PUBLISHED or waiting:
            return
        duty = self.stage.people.duty
        if now - self.last_signal > QUIET:
            row = alerts.all_clear(code=alert.code, reason="–", actor=duty, now=now)
            self.stage.tell("all_clear", row.identifier, now)
            self.wait_for(row.identifier, now)
        else:
            self.hand_in(alerts.update(code=alert.code, actor=duty, now=now).identifier, now)

    # --- The network -----------------------------------------------------------------------------

    def deliver(self, now: datetime) -> None:
        """Send what is due, and give what was sent to the people who get it."""
        queued = (
            Delivery.objects.filter(state=Delivery.State.QUEUED).order_by("due_at").values_list("due_at", flat=True)
        )
        due = queued.first()
        if due is not None and due <= now:
            outbox.deliver(real_now=now, now=now)
            for one in self.stage.gateway.drain():
                self.on_the_way(one, now)
            due = queued.first()
        if due is not None and due > now and due not in self.due:
            self.due.add(due)
            self.agenda.at(due, lambda _at: None)

    def on_the_way(self, taken: Taken, now: datetime) -> None:
        """The network takes a while, loses a few, and waits where it is cut."""
        network, seed = self.stage.player("gateway", NETWORK), self.stage.scenario.seed
        name = f"network/{taken.delivery}"
        at = now + delay(network, seed, name)
        contact = self.stage.people.by_number.get(taken.number)
        place = (contact.crossing or contact.area) if contact else None
        for cut in self.stage.scenario.cuts:
            if place is not None and place.code in cut.places and cut.start_at <= self.stage.local(at) < cut.end_at:
                at = self.stage.aware(cut.end_at)
        self.stage.add("sms")
        lost = happens(network.never, seed, name)
        self.agenda.at(at, lambda then: self.arrives(taken, lost, then))

    def arrives(self, taken: Taken, lost: bool, now: datetime) -> None:
        receipt = Receipt(taken.delivery, "failed" if lost else "delivered")
        receipts.receive(channel="sms", receipt=receipt, now=now, real_now=now)
        if lost:
            return
        row = Delivery.objects.select_related("message").get(pk=taken.delivery)
        if row.message.kind == "approval":
            self.asked(taken, row.message.ref, now)
        elif row.message.acknowledge_due_at is not None:
            self.told(row, taken, now)

    def told(self, row: Delivery, taken: Taken, now: datetime) -> None:
        """Somebody reads it after a while and sends the word back; a few never do."""
        player, seed, name = self.stage.player("recipient", RECIPIENT), self.stage.scenario.seed, f"reads/{row.pk}"
        if happens(player.never, seed, name):
            return
        at = self.stage.after(now, "recipient", RECIPIENT, name)
        word = re.findall(r"[A-Z]{4}\b", taken.text)[-1:] or [row.reply_word]
        self.agenda.at(at, lambda then: self.answers(taken.number, word[0], then))

    def asked(self, taken: Taken, identifier: str, now: datetime) -> None:
        """An approver's telephone rings: the code is read from the text and sent back."""
        contact = self.stage.people.by_number[taken.number]
        at = self.stage.after(now, "night", Player(minutes=12, never=0.2), f"code/{taken.delivery}")
        away = [one.spell for one in self.stage.scenario.absences if (one.role, one.turn) == ("approver", contact.turn)]
        gone = any(one.start_at <= self.stage.local(now) < one.end_at for one in away)
        found = re.search(r"\b([A-Z2-9]{6})\b", taken.text)
        if found and not gone:
            self.agenda.at(at, lambda then: self.answers(taken.number, found[1], then))
        else:
            self.stage.tell("no_answer", contact.code, now)

    def answers(self, number: str, text: str, now: datetime) -> None:
        """A text comes back through the gateway; the app that understands it settles it."""
        self.texts += 1
        incoming = Incoming(number, text, f"drill-{self.texts}")
        row, _new = inbound.receive(channel="sms", incoming=incoming, now=now, real_now=now)
        inbound.settle(inbound=row, now=now)
        if ApprovalRequest.objects.filter(answered_at=None).exists():
            alerts.settle_codes(now=now)
            self.look_at_alert(now)

    # --- The plan --------------------------------------------------------------------------------

    def activate(self, now: datetime) -> None:
        scenario = self.stage.scenario
        row = activations.activate(
            plan=scenario.plan, alert=self.alert, level=scenario.level, actor=self.stage.people.duty, now=now
        )
        self.activation = row.code
        self.stage.first("started_at", now)
        self.stage.tell("activated", row.code, now)
        self.work(now)
        self.agenda.at(now + LOOK, self.follow_tasks)

    def follow_tasks(self, now: datetime) -> None:
        """What the background work does: open what may open, escalate what is overdue."""
        tasks.follow_up(now=now)
        escalation.follow_up(now=now, real_now=now)
        self.work(now)
        if Task.objects.filter(activation__code=self.activation, state__in=OPEN).exists():
            self.agenda.at(now + 3 * LOOK, self.follow_tasks)

    def work(self, now: datetime) -> None:
        """Every institution sees what is open for it, and begins."""
        for task in Task.objects.filter(activation__code=self.activation, state=Task.State.OPEN).order_by("order"):
            key = f"task/{task.action}"
            if key not in self.seen:
                self.seen.add(key)
                at = self.stage.after(now, "institution", INSTITUTION, f"sees/{task.action}")
                self.agenda.at(at, lambda then, code=task.code: self.begin(code, then))  # type: ignore[misc]

    def begin(self, code: str, now: datetime) -> None:
        task = Task.objects.select_related("institution").get(code=code)
        player, seed = self.stage.player("institution", INSTITUTION), self.stage.scenario.seed
        actor = self.stage.people.of.get(task.institution.code, self.stage.people.duty)
        tasks.act(code=code, action="acknowledge", actor=actor, now=now)
        hours = max((task.due_at - now) / timedelta(minutes=1), 10.0) * player.factor
        takes = delay(Player(minutes=hours, spread=player.spread), seed, f"does/{task.action}")
        if happens(player.never, seed, f"blocked/{task.action}"):
            self.agenda.at(now + takes / 2, lambda then: self.block(code, then))
        self.agenda.at(now + takes, lambda then: self.done(code, then))

    def block(self, code: str, now: datetime) -> None:
        tasks.act(code=code, action="block", actor=self.stage.people.duty, now=now, note="–")
        self.stage.tell("blocked", code, now)

    def done(self, code: str, now: datetime) -> None:
        task = Task.objects.select_related("institution").get(code=code)
        actor = self.stage.people.of.get(task.institution.code, self.stage.people.duty)
        if task.state == Task.State.BLOCKED:
            tasks.act(code=code, action="unblock", actor=actor, now=now, note="–")
        try:
            tasks.act(code=code, action="done", actor=actor, now=now)
        except Refused as refused:
            self.stage.tell("refused", f"{code} {refused.problems[0].code}", now)
            return
        self.stage.tell("done", code, now)
        self.stage.add("tasks")
        self.work(now)

    def ended(self) -> Activation | None:
        """The activation as it stands at the end."""
        return Activation.objects.filter(code=self.activation).first()
