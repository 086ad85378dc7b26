"""Certificates for servers of this machine, by an authority that nobody trusts but who is told of it."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

_LIFETIME = timedelta(days=30)
_THIS_MACHINE = (x509.IPAddress(ipaddress.ip_address("127.0.0.1")), x509.DNSName("localhost"))


@dataclass(frozen=True)
class Certificates:
    """Files in PEM. authority: for clients. certificate, key: of the server. store: key and certificate."""

    authority: Path
    certificate: Path
    key: Path
    store: Path


def make_certificates(folder: Path) -> Certificates:
    """New files in `folder`, which must exist, for a server at 127.0.0.1."""
    authority_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    authority = _signed("Cats' own authority", authority_key, "Cats' own authority", authority_key, _of_ca())
    names = x509.SubjectAlternativeName(_THIS_MACHINE)
    certificate = _signed("127.0.0.1", key, "Cats' own authority", authority_key, [(names, False)])
    key_text = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    files = {
        "authority": authority.public_bytes(Encoding.PEM),
        "certificate": certificate.public_bytes(Encoding.PEM),
        "key": key_text,
        "store": key_text + certificate.public_bytes(Encoding.PEM),
    }
    paths = {name: folder / f"{name}.pem" for name in files}
    for name, content in files.items():
        paths[name].write_bytes(content)
    return Certificates(**paths)


def _of_ca() -> list[tuple[x509.ExtensionType, bool]]:
    """Extensions of an authority, and if they are critical."""
    no_other_use = dict.fromkeys(
        ("content_commitment", "key_encipherment", "data_encipherment", "key_agreement"), False
    )
    usage = x509.KeyUsage(
        digital_signature=True,
        key_cert_sign=True,
        crl_sign=True,
        encipher_only=False,
        decipher_only=False,
        **no_other_use,
    )
    return [(x509.BasicConstraints(ca=True, path_length=0), True), (usage, True)]


def _signed(
    name: str,
    key: ec.EllipticCurvePrivateKey,
    issuer: str,
    issuer_key: ec.EllipticCurvePrivateKey,
    extensions: Iterable[tuple[x509.ExtensionType, bool]],
) -> x509.Certificate:
    now, public, issuer_public = datetime.now(UTC), key.public_key(), issuer_key.public_key()
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(name))
        .issuer_name(_name(issuer))
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + _LIFETIME)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_public), critical=False)
    )
    for extension, is_critical in extensions:
        builder = builder.add_extension(extension, critical=is_critical)
    return builder.sign(issuer_key, SHA256())


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])
