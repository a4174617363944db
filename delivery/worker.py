"""Takes due envelopes from the queue, one by one, and hands each over at most once."""

from __future__ import annotations

import hashlib
import logging
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from urllib.parse import urlsplit

from contracts.delivery import Envelope, EnvelopeState
from contracts.errors import BadInput, MailwrightError
from contracts.mail import Edition
from contracts.seams import Clock, system_clock
from delivery.errors import MessageRefused, PublicAddressMissing, TransportUnusable, WorkStopped
from delivery.message import compose
from delivery.outbox import MayWrite, Outbox
from delivery.transports import Fault, Handover, HandoverStatus, Transport

__all__ = ["HoldReason", "WorkReport", "Worker", "WorkerSettings", "backoff"]

_log = logging.getLogger(__name__)

_FIRST_WAIT = timedelta(minutes=15)
_LONGEST_WAIT = timedelta(hours=4)
_AT_ONCE = timedelta(0)
_UNREACHED_IN_A_ROW = 3  # then the server is down, and the rest need not find out one by one


class HoldReason(StrEnum):
    """Why a person must look; what follows a colon is particular to the envelope."""

    OUTCOME_UNKNOWN = "outcome unknown"
    SEAL_BROKEN = "seal broken"
    NOT_APPROVED = "not approved"
    EDITION_MISSING = "edition missing or altered"
    LINK_MOVED = "the unsubscribe link is not under the public address: approve again"
    NOT_COMPOSED = "cannot be composed"
    SENDER_REFUSED = "the server refuses the sender"
    GIVEN_UP = "given up"


@dataclass(frozen=True, slots=True)
class WorkerSettings:
    """How a worker works. `unsubscribe_url` makes the link of one envelope, under the
    edition's own sealed base."""

    unsubscribe_url: Callable[[Edition, Envelope], str]
    name: str = "worker"
    host: str = ""  # in Message-ID and List-Id; "" takes the sender's domain
    public_url: str = ""  # where unsubscribe links are answered now
    # Longer than a whole SMTP dialogue may take, or a slow handover is held as unknown.
    lease: timedelta = timedelta(minutes=10)
    recover_every: timedelta = timedelta(minutes=1)
    poll_s: float = 1.0  # seconds between looks at an empty queue
    attempts: int = 5  # in all, before a deferred envelope is given up


@dataclass(frozen=True, slots=True)
class WorkReport:
    """What one run did, in envelopes. `stopped` says why it ended early; "" it did not."""

    sent: int = 0
    held: int = 0
    dropped: int = 0
    deferred: int = 0
    failed: int = 0
    stopped: str = ""


class _Hold(Exception):
    """Carries a reason from a check to the hold; never leaves this module."""


class Worker:
    """Hands over what was approved, and nothing else.

    For each envelope: claim it (a commit of its own, in which suppression and consent are
    read), check its seal, compose, hand over, record. `on_step` is told "after_claim",
    "before_handover", "after_handover", "before_record" and "after_record".

    `why_not` says why an edition must not be sent, "" where it may: asked once more between
    claim and handover, for what was withdrawn in that moment.

    Raises:
        PublicAddressMissing: the transport reaches recipients and no `public_url` is set, or
            it is not https (RFC 8058 asks for it; this machine's own addresses may be http).
    """

    def __init__(
        self,
        outbox: Outbox,
        editions: Callable[[str], Edition | None],
        verify: Callable[[Edition, str], bool],
        approved: Callable[[str], str | None],
        transport: Transport,
        may_write: MayWrite,
        settings: WorkerSettings,
        clock: Clock = system_clock,
        on_step: Callable[[str], None] = lambda step: None,
        why_not: Callable[[str], str] = lambda edition_id: "",
    ) -> None:
        if transport.leaves_the_house and not _is_public(settings.public_url):
            raise PublicAddressMissing
        if settings.lease <= timedelta(0) or settings.attempts < 1:
            raise BadInput("a worker needs a lease longer than zero and at least one attempt")
        self._outbox = outbox
        self._editions = editions
        self._verify = verify
        self._approved = approved
        self._transport = transport
        self._may_write = may_write
        self._settings = settings
        self._clock = clock
        self._on_step = on_step
        self._why_not = why_not
        # Written with each claim, so that recovery asks the transport that was given the mail.
        self._claimant = f"{settings.name}@{transport.mark}"

    def run(
        self,
        limit: int | None = None,
        until_empty: bool = True,
        stop: threading.Event | None = None,
    ) -> WorkReport:
        """Works until nothing is due, `limit` envelopes were claimed, or `stop` is set.

        With `until_empty` false it waits for more instead. It ends early, and says so, when
        the server cannot be reached several times in a row.

        Raises:
            TransportUnusable: settings must change; the envelope in hand is due again.
            WorkStopped: something unexpected happened; the envelope in hand is due again
                later, or held where its handover had begun.
            MailwrightError: as the outbox raises it. What was handed over and could not be
                recorded is settled by the next run, once its lease is over.
        """
        stop = stop or threading.Event()
        counts: Counter[str] = Counter()
        claims = unreached = 0
        recover_at = self._clock()
        try:
            while not stop.is_set() and (limit is None or claims < limit):
                if self._clock() >= recover_at:
                    counts += self._recover()
                    recover_at = self._clock() + self._settings.recover_every
                claimed = self._outbox.claim(
                    self._clock(), self._claimant, self._settings.lease, self._may_write
                )
                if claimed is not None:
                    counts["dropped"] += claimed.dropped
                    counts["held"] += claimed.held
                if claimed is None or claimed.envelope is None:
                    if until_empty:
                        break
                    stop.wait(self._settings.poll_s)
                    continue
                claims += 1
                outcome = self._work(claimed.envelope)
                counts[outcome.counted] += 1
                unreached = unreached + 1 if outcome.unreached else 0
                if unreached == _UNREACHED_IN_A_ROW:
                    return _report(counts, "the server was not reached: see that it runs")
        finally:
            self._transport.close()
        return _report(counts)

    def _recover(self) -> Counter[str]:
        """Settles what dead workers left: as sent, due again, or for a person to judge."""
        counts: Counter[str] = Counter()
        for envelope in self._outbox.expired(self._clock()):
            ours = envelope.worker.endswith(f"@{self._transport.mark}")
            taken = self._transport.was_taken(envelope) if ours else None
            state, reason, counted = {
                True: (EnvelopeState.SENT, "", "sent"),
                False: (EnvelopeState.DUE, "", ""),
                None: (EnvelopeState.HELD, HoldReason.OUTCOME_UNKNOWN.value, "held"),
            }[taken]
            done = self._outbox.resolve_expired(
                envelope.id, envelope.claim, state, reason, self._clock()
            )
            if done and counted:
                counts[counted] += 1
        return counts

    def _work(self, envelope: Envelope) -> _Outcome:
        try:
            self._on_step("after_claim")
            edition = self._checked_edition(envelope)
            raw = self._composed(edition, envelope)
            if envelope.lease_until is not None and self._clock() >= envelope.lease_until:
                # Another worker may hold it as lost by now; it must not be handed over here.
                return self._put_back(envelope, "the lease ended before the handover", _AT_ONCE)
            self._on_step("before_handover")
        except _Hold as why:
            return self._hold(envelope, str(why))
        except BaseException as error:  # a Ctrl-C too: this one was certainly not handed over
            expected = isinstance(error, MailwrightError) or not isinstance(error, Exception)
            wait = _AT_ONCE if expected else None
            self._put_back(envelope, "the worker failed before the handover", wait)
            if expected:
                raise
            raise _stopped(error, "before a handover: that envelope is due again later") from error
        handover = self._hand_over(envelope, raw, edition.from_address)
        self._on_step("after_handover")
        self._on_step("before_record")
        outcome = self._record(envelope, handover)
        self._on_step("after_record")
        return outcome

    def _checked_edition(self, envelope: Envelope) -> Edition:
        edition = self._editions(envelope.edition_id)
        if edition is None:
            raise _Hold(HoldReason.EDITION_MISSING)
        reason = self._why_not(envelope.edition_id)
        if reason:
            raise _Hold(reason)
        seal = self._approved(envelope.edition_id)
        if seal is None:
            raise _Hold(HoldReason.NOT_APPROVED)
        whole = edition.id == envelope.edition_id and self._verify(edition, envelope.seal)
        if not whole or seal != envelope.seal:
            raise _Hold(HoldReason.SEAL_BROKEN)
        if self._transport.leaves_the_house and not _is_under(
            edition.unsubscribe_base, self._settings.public_url
        ):
            raise _Hold(HoldReason.LINK_MOVED)
        return edition

    def _composed(self, edition: Edition, envelope: Envelope) -> bytes:
        url = self._settings.unsubscribe_url(edition, envelope)
        if not url.startswith(edition.unsubscribe_base):
            raise _Hold(HoldReason.LINK_MOVED)
        try:
            return compose(edition, envelope, url, self._clock(), self._settings.host)
        except MessageRefused as error:
            raise _Hold(f"{HoldReason.NOT_COMPOSED}: {error}") from error

    def _hand_over(self, envelope: Envelope, raw: bytes, sender: str) -> Handover:
        try:
            return self._transport.deliver(envelope, raw, sender, envelope.address)
        except TransportUnusable:
            self._outbox.record_deferred(
                envelope.id, envelope.claim, self._clock(), "the transport cannot be used"
            )
            raise
        except BaseException as error:  # a Ctrl-C in the middle of DATA too
            self._hold(envelope, f"{HoldReason.OUTCOME_UNKNOWN}: the transport failed")
            if isinstance(error, Exception):
                raise _stopped(error, "during a handover: that envelope is held") from error
            raise

    def _record(self, envelope: Envelope, handover: Handover) -> _Outcome:
        match handover.status:
            case HandoverStatus.TAKEN:
                done = self._outbox.record_sent(envelope.id, envelope.claim, self._clock())
                return self._counted(done, "sent")
            case HandoverStatus.REFUSED if handover.fault is Fault.SENDER:
                return self._hold(envelope, f"{HoldReason.SENDER_REFUSED}: {handover.reason}")
            case HandoverStatus.REFUSED:
                return self._failed(envelope, handover.reason)
            case HandoverStatus.DEFERRED if handover.fault is Fault.RECIPIENT:
                if self._is_last(envelope):
                    return self._failed(envelope, f"{HoldReason.GIVEN_UP}: {handover.reason}")
                return self._put_back(envelope, handover.reason)
            case HandoverStatus.DEFERRED:
                outcome = self._put_back(envelope, handover.reason)
                return _Outcome(outcome.counted, handover.fault is Fault.NETWORK)
            case HandoverStatus.UNKNOWN:
                return self._hold(envelope, f"{HoldReason.OUTCOME_UNKNOWN}: {handover.reason}")

    def _put_back(self, envelope: Envelope, reason: str, wait: timedelta | None = None) -> _Outcome:
        """Due again after `wait`, or as `backoff` says. After the last attempt it is held: a
        fault of the network or of ours must not cost a recipient the mail."""
        if self._is_last(envelope):
            return self._hold(envelope, f"{HoldReason.GIVEN_UP}: {reason}")
        wait = backoff(envelope.key, envelope.attempts - 1) if wait is None else wait
        due_at = self._clock() + wait
        done = self._outbox.record_deferred(envelope.id, envelope.claim, due_at, reason)
        return self._counted(done, "deferred")

    def _is_last(self, envelope: Envelope) -> bool:
        return envelope.attempts >= self._settings.attempts

    def _failed(self, envelope: Envelope, reason: str) -> _Outcome:
        done = self._outbox.record_failed(envelope.id, envelope.claim, reason)
        return self._counted(done, "failed")

    def _hold(self, envelope: Envelope, reason: str) -> _Outcome:
        return self._counted(self._outbox.hold(envelope.id, reason, envelope.claim), "held")

    def _counted(self, done: bool, counted: str) -> _Outcome:
        if not done:  # another worker settled it after the lease had ended
            _log.warning("an outcome came after the lease had ended: raise the lease")
            return _Outcome("late")
        return _Outcome(counted)


@dataclass(frozen=True, slots=True)
class _Outcome:
    counted: str  # field of the report, or "late"
    unreached: bool = False


def backoff(key: str, attempts: int) -> timedelta:
    """How long a deferred envelope waits: 15 min doubled with each earlier attempt, 4 h at
    most, less up to a fifth that depends on the key so that a crowd does not return at once."""
    wait = min(_FIRST_WAIT * (1 << min(attempts, 10)), _LONGEST_WAIT)
    digest = hashlib.sha256(f"{key}/{attempts}".encode()).digest()
    return wait - wait * int.from_bytes(digest[:2], "big") / (5 * 0xFFFF)


def _report(counts: Counter[str], stopped: str = "") -> WorkReport:
    return WorkReport(
        sent=counts["sent"],
        held=counts["held"],
        dropped=counts["dropped"],
        deferred=counts["deferred"],
        failed=counts["failed"],
        stopped=stopped,
    )


def _stopped(error: BaseException, when: str) -> WorkStopped:
    return WorkStopped(f"the worker met {type(error).__name__} {when}; mend the cause, run again")


def _is_public(url: str) -> bool:
    parts = urlsplit(url)
    if parts.scheme == "http":
        return parts.hostname in {"localhost", "127.0.0.1", "::1"}
    return parts.scheme == "https" and bool(parts.hostname)


def _is_under(base: str, public_url: str) -> bool:
    """Whether `base` begins with the public address, up to a slash."""
    root = public_url.rstrip("/")
    return base == root or base.startswith(root + "/")
