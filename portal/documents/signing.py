"""Signing a PDF (PAdES baseline B-B, with a time stamp of RFC 3161 B-T) with pyHanko: whoever changes a byte of it breaks the signature.

The seal that people see is a small PDF laid into the field of the signature; text that pyHanko itself writes would come out in another font.
"""

from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from portal.core.config import settings
from portal.documents.certificates import SigningKey

if TYPE_CHECKING:
    from pyhanko.sign.signers import SimpleSigner

FIELD = "CitySeal"
_POINTS = 72 / 25.4
_PAGE_HEIGHT = 297
SEAL_BOX = (168, 44, 190, 66)
"""Where the seal lies on the first page: left, top, right and bottom in millimetres from the upper left corner, as `decision.css` leaves it free."""


def sign(content: bytes, key: SigningKey, seal: bytes, *, city: str, reason: str) -> bytes:
    """Return a PDF signed for a city, with the page `seal` as what is seen of the signature. No change of it is permitted afterwards.

    Raises OSError where the server of time stamps does not answer.
    """
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
    from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner
    from pyhanko.sign.timestamps import HTTPTimeStamper
    from pyhanko.stamp import StaticStampStyle

    metadata = PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        name=city,
        reason=reason,
        subfilter=SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
    )
    left, top, right, bottom = SEAL_BOX
    box = (left, _PAGE_HEIGHT - bottom, right, _PAGE_HEIGHT - top)
    field = SigFieldSpec(
        FIELD,
        on_page=0,
        box=tuple(round(side * _POINTS) for side in box),  # type: ignore[arg-type] # four of them
        readable_field_name=f"{city} 電子署名",
    )
    address = settings().timestamp_url
    with TemporaryDirectory() as folder:
        page = Path(folder) / "seal.pdf"
        page.write_bytes(seal)
        signer = PdfSigner(
            metadata,
            _signer(key),
            timestamper=HTTPTimeStamper(address) if address else None,
            stamp_style=StaticStampStyle.from_pdf_file(str(page), border_width=0, background_opacity=1),
            new_field_spec=field,
        )
        writer = IncrementalPdfFileWriter(BytesIO(content))
        # pyHanko runs a loop of its own, which a thread that has one already refuses
        with ThreadPoolExecutor(1) as thread:
            signed = thread.submit(signer.sign_pdf, writer, output=BytesIO()).result()
    return bytes(signed.getvalue())


def _signer(key: SigningKey) -> "SimpleSigner":
    from asn1crypto import keys, x509
    from pyhanko.sign.signers import SimpleSigner
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    certificates = SimpleCertificateStore()  # type: ignore[no-untyped-call] # the library has types but here
    certificates.register_multiple(x509.Certificate.load(each.public_bytes(Encoding.DER)) for each in key.issuers)
    private = key.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return SimpleSigner(
        signing_cert=x509.Certificate.load(key.certificate.public_bytes(Encoding.DER)),
        signing_key=keys.PrivateKeyInfo.load(private),
        cert_registry=certificates,
    )
