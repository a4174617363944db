"""Records about encrypted delivery and the logo: MTA-STS, reports on TLS, BIMI. None is asked of
a sender; they protect mail to the domain, and show it in the inbox."""

from __future__ import annotations

import re

from evaluation.providers.records.dmarc import Policy
from evaluation.providers.records.report import Reading
from evaluation.providers.tags import read_tags

__all__ = ["judge_bimi", "judge_transport"]

_STS_ID = re.compile(r"[A-Za-z0-9]{1,32}\Z")  # RFC 8461 §3.1
_REPORT_TO = re.compile(
    r"(?:mailto:[^\s@,;!]{1,200}@[A-Za-z0-9._-]{1,253}|https://[^\s,;!]{1,1000})\Z", re.I
)


def judge_transport(reading: Reading) -> None:
    name = f"_mta-sts.{reading.domain}"
    policy = reading.with_start(name, "v=STSv1", "mta_sts", decides=False)
    if policy is not None:
        if not policy:
            reading.find("sts_missing", "TXT", name)
        else:
            reading.records["MTA-STS"] = tuple(policy)
            if len(policy) > 1 or not _STS_ID.match(read_tags(policy[0]).get("id")):
                reading.find("sts_broken", "TXT", name)
            reading.not_judged.append(("mta_sts", "its policy is fetched by HTTPS, not by DNS"))
    _reports(reading, bool(policy))


def _reports(reading: Reading, has_policy: bool) -> None:
    """RFC 8460 §3: one record, with at least one address."""
    name = f"_smtp._tls.{reading.domain}"
    records = reading.with_start(name, "v=TLSRPTv1", "tls_reports", decides=False)
    if records is None:
        return
    if not records:
        reading.find("tlsrpt_missing_sts" if has_policy else "tlsrpt_missing", "TXT", name)
        return
    reading.records["TLS-RPT"] = tuple(records)
    addresses = [item.strip() for item in read_tags(records[0]).get("rua").split(",")]
    if len(records) > 1 or not all(_REPORT_TO.match(item) for item in addresses):
        reading.find("tlsrpt_broken", "TXT", name)


def judge_bimi(reading: Reading, policy: Policy | None) -> None:
    """BIMI, still a draft, asks for an enforced DMARC policy."""
    name = f"default._bimi.{reading.domain}"
    records = reading.with_start(name, "v=BIMI1", "bimi", decides=False)
    if records is None:
        return
    enforced = policy is not None and policy.enforced
    if not records:
        if enforced:
            reading.find("bimi_missing", "TXT", name)
        return
    reading.records["BIMI"] = tuple(records)
    tags = read_tags(records[0])
    logo = tags.get("l")
    if len(records) > 1 or (logo and not logo.lower().startswith("https://")):
        reading.find("bimi_broken", "TXT", name)
    elif logo and not enforced:
        reading.find("bimi_unenforced", "TXT", name)
    elif logo and not tags.get("a"):
        reading.find("bimi_unproven", "TXT", name)
