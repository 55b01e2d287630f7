"""The certificate with which documents of a city are signed: the city's own file (PKCS#12), else one that the installation makes for the city.

The file is `keys/signing/KEY.p12` in the instance folder with its password in `keys/signing/KEY.password`, KEY being that of the city. The
installation's own certificate stands under a root of its own, whose key is discarded once it has signed: nothing else can be made with it.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
    pkcs12,
)
from cryptography.x509.oid import NameOID
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from portal.core.clock import now
from portal.core.config import settings
from portal.core.crypto import open_sealed, seal
from portal.core.database import city_of
from portal.core.tenancy import City
from portal.core.tenancy import city as city_by_key
from portal.documents.issued_models import SigningCertificate

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
_YEARS = 5
_DAY = timedelta(days=1)


class UnusableCertificate(ValueError):
    """The file of a city cannot be used; the sentence says why, for the operator."""


@dataclass(frozen=True)
class SigningKey:
    """A private key with its certificate and those above it."""

    key: PrivateKey
    certificate: x509.Certificate
    issuers: tuple[x509.Certificate, ...]
    own: bool
    """Whether the installation made it itself."""


def signing_key(session: Session) -> SigningKey:
    """The key with which the city of the session signs now; made for it where it has none. Raises UnusableCertificate."""
    file = key_file(city_of(session))
    if file.exists():
        key = read_key_file(file)
        _keep(session, key, None)
        return key
    return _present_own_key(session) or _make_own_key(session)


def key_file(city: str) -> Path:
    """Where the city's own key and certificate lie, if it has some."""
    return settings().instance_path / "keys" / "signing" / f"{city}.p12"


def read_key_file(file: Path) -> SigningKey:
    """Read a file in the format PKCS#12, with the password beside it. Raises UnusableCertificate."""
    try:
        if any(path.stat().st_mode & 0o077 for path in (file, file.with_suffix(".password"))):
            raise UnusableCertificate(
                f"{file}: it and its password must be readable by the portal's user alone (mode 600)"
            )
        password = file.with_suffix(".password").read_text(encoding="utf-8").rstrip("\n")
        key, certificate, issuers = pkcs12.load_key_and_certificates(file.read_bytes(), password.encode())
    except OSError as error:
        raise UnusableCertificate(f"{error.filename}: {error.strerror}") from error
    except (UnsupportedAlgorithm, ValueError) as error:
        if isinstance(error, UnusableCertificate):
            raise
        raise UnusableCertificate(f"{file}: it cannot be opened with the password in {file.stem}.password") from error
    if not isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) or certificate is None:
        raise UnusableCertificate(f"{file}: it must hold a certificate and its key, RSA or elliptic curve")
    if not certificate.not_valid_before_utc <= now() <= certificate.not_valid_after_utc:
        raise UnusableCertificate(
            f"{file}: the certificate is valid until {certificate.not_valid_after_utc:%Y-%m-%d} only"
        )
    return SigningKey(key, certificate, tuple(issuers), own=False)


def certificates_of_city(session: Session) -> list[bytes]:
    """Every certificate with which documents of the city were signed, as DER."""
    return list(session.scalars(select(SigningCertificate.certificate).order_by(SigningCertificate.id)))


def key_context(expires_at: datetime) -> bytes:
    """What the sealed key of a certificate is bound to."""
    return f"signing key {expires_at.timestamp():.0f}".encode()


def _present_own_key(session: Session) -> SigningKey | None:
    """The newest own key whose certificate holds for another day; None without one."""
    row = session.scalar(
        select(SigningCertificate)
        .where(SigningCertificate.sealed_key.is_not(None), SigningCertificate.expires_at > now() + _DAY)
        .order_by(SigningCertificate.id.desc())
        .limit(1)
    )
    if row is None or row.sealed_key is None:
        return None
    plain = open_sealed(city_of(session), row.sealed_key, key_context(row.expires_at))
    key = load_der_private_key(plain, None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)  # noqa: S101 - as `_make_own_key` makes it
    issuers = tuple(x509.load_pem_x509_certificate(pem.encode()) for pem in row.issuers)
    return SigningKey(key, x509.load_der_x509_certificate(row.certificate), issuers, own=True)


def _make_own_key(session: Session) -> SigningKey:
    city, begins = city_by_key(city_of(session)), now().replace(microsecond=0)
    root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root_name = _name(city, f"{city.name} 電子文書 ルート")
    root = (
        _certificate(root_name, root_name, root_key.public_key(), begins)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .sign(root_key, SHA256())
    )
    authority = x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key())
    certificate = (
        _certificate(_name(city, f"{city.name} 電子文書"), root_name, key.public_key(), begins)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(authority, critical=False)
        .sign(root_key, SHA256())
    )
    made = SigningKey(key, certificate, (root,), own=True)
    plain = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    _keep(session, made, seal(city.key, plain, key_context(certificate.not_valid_after_utc)))
    return made


def _keep(session: Session, key: SigningKey, sealed: bytes | None) -> None:
    """Keep the certificate, by which a document is recognised when the key has long been replaced."""
    row = upsert(SigningCertificate).values(
        certificate=key.certificate.public_bytes(Encoding.DER),
        issuers=[issuer.public_bytes(Encoding.PEM).decode() for issuer in key.issuers],
        sealed_key=sealed,
        expires_at=key.certificate.not_valid_after_utc,
        made_at=now(),
    )
    session.execute(row.on_conflict_do_nothing(index_elements=[SigningCertificate.certificate]))


def _name(city: City, common: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "JP"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, city.name),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def _certificate(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, begins: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(int.from_bytes(secrets.token_bytes(19)))
        .not_valid_before(begins - _DAY)
        .not_valid_after(begins + _YEARS * timedelta(days=365))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=not signs_certificates,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
