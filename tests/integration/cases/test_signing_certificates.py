"""The certificate with which a city signs: its own file where there is one, else one that the installation keeps sealed for it."""

from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.reader import PdfFileReader
from sqlalchemy.orm import Session

from portal.core.clock import now
from portal.documents import UnusableCertificate, certificates_of_city, read_key_file, signing_key
from portal.documents.issued_models import SigningCertificate
from portal.documents.renderer import render_seal
from portal.documents.signing import sign

# WeasyPrint leaves its own colour profile open until it is collected.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")


SECRET = "ひみつ"


def city_file(folder: Path, *, secret: str = SECRET, days: int = 30) -> Path:
    """A PKCS#12 file as a city would lay down, with its password beside it."""
    key = ec.generate_private_key(ec.SECP384R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "立川市長")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(now() - timedelta(days=60))
        .not_valid_after(now() + timedelta(days=days))
        .sign(key, SHA256())
    )
    file = folder / "tachikawa.p12"
    encryption = BestAvailableEncryption(secret.encode())
    file.write_bytes(pkcs12.serialize_key_and_certificates(b"seal", key, certificate, None, encryption))
    file.with_suffix(".password").write_text(f"{SECRET}\n", encoding="utf-8")
    for path in (file, file.with_suffix(".password")):
        path.chmod(0o600)
    return file


def test_a_city_without_a_file_has_a_key_of_its_own_that_stays_sealed(city_db: Session) -> None:
    first, again = signing_key(city_db), signing_key(city_db)
    assert first.own
    assert first.certificate == again.certificate
    row = city_db.query(SigningCertificate).order_by(SigningCertificate.id.desc()).first()
    assert row is not None
    assert row.sealed_key is not None
    assert first.key.private_numbers().private_value.to_bytes(32) not in row.sealed_key
    [root] = first.issuers
    first.certificate.verify_directly_issued_by(root)


def test_a_city_with_a_file_signs_with_it_and_its_certificate_is_kept(
    city_db: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = city_file(tmp_path)
    monkeypatch.setattr("portal.documents.certificates.key_file", lambda _city: file)
    key = signing_key(city_db)
    assert not key.own
    seal = render_seal("立川市")
    signed = sign(seal, key, seal, city="立川市", reason="試し")
    [signature] = PdfFileReader(BytesIO(signed)).embedded_signatures
    assert signature.signer_cert.dump() in certificates_of_city(city_db)


def test_a_file_that_cannot_be_used_says_why(tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    with pytest.raises(UnusableCertificate, match="valid until"):
        read_key_file(city_file(tmp_path / "old", days=-1))
    with pytest.raises(UnusableCertificate, match="password"):
        read_key_file(city_file(tmp_path, secret="another"))
    file = city_file(tmp_path)
    file.chmod(0o644)
    with pytest.raises(UnusableCertificate, match="mode 600"):
        read_key_file(file)
    file.chmod(0o600)
    file.with_suffix(".password").unlink()
    with pytest.raises(UnusableCertificate, match="No such file"):
        read_key_file(file)
