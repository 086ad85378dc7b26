"""Errors of a bucket service in words, each with what to do about it. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from cattube.storage.s3_errors import code_of


@dataclass(frozen=True)
class Refusal:
    """Reason of a refusal. is_final: asking again will not help, as long as the settings stay the same."""

    sentence: str
    fix: str
    is_final: bool = True


KEY = "The service does not know the key AWS_ACCESS_KEY_ID."
SECRET = "AWS_SECRET_ACCESS_KEY does not belong to AWS_ACCESS_KEY_ID."  # noqa: S105 (a sentence)
COPY = "Copy both anew; of Backblaze take an application key, since the master key does not work here."
REGION = "The bucket is in another region than AWS_S3_REGION_NAME says."
CLOCK = "The clock of this machine is wrong, so the service takes no signature of it."

REFUSALS = {
    "InvalidAccessKeyId": Refusal(KEY, COPY),
    "SignatureDoesNotMatch": Refusal(SECRET, COPY),
    "InvalidSecurity": Refusal(KEY, COPY),
    "AuthorizationHeaderMalformed": Refusal(REGION, "Set AWS_S3_REGION_NAME to the region of the bucket."),
    "PermanentRedirect": Refusal(REGION, "Set AWS_S3_REGION_NAME to the region of the bucket."),
    "IllegalLocationConstraintException": Refusal(REGION, "Set AWS_S3_REGION_NAME as the bucket has it."),
    "RequestTimeTooSkewed": Refusal(CLOCK, "Set the clock; better, have it kept right by NTP."),
    "NoSuchBucket": Refusal(
        "There is no such bucket under this key.", "Correct the name, or create the bucket as a private one."
    ),
}
CAP = Refusal(
    "A cap of the Backblaze account is used up for today.",
    "Raise it on the account's page Caps & Alerts.",
    is_final=False,
)
# Codes of an answer without a body, by those of S3.
BODILESS = {"401": "InvalidAccessKeyId"}


def refusal(error: Exception, *, endpoint_url: str, capability: str) -> Refusal:
    """Refusal in words. capability: Backblaze's name for the right that the call needs."""
    code = BODILESS.get(code_of(error), code_of(error))
    if "cap exceeded" in str(error):
        return CAP
    if not code:
        return Refusal(
            f"Nothing that speaks S3 answers at {endpoint_url} ({type(error).__name__}).",
            "Check AWS_S3_REGION_NAME and AWS_S3_ENDPOINT_URL, and that this machine may reach the network.",
            is_final=False,
        )
    if code in REFUSALS:
        return REFUSALS[code]
    if code in ("AccessDenied", "403", "Forbidden"):
        return Refusal(
            f"The key may not do this: {capability} is not allowed.",
            f"Make an application key for this bucket that has {capability}.",
        )
    return Refusal(
        f"The service refused with {code}.", "Look at the service's own pages for this code.", is_final=False
    )
