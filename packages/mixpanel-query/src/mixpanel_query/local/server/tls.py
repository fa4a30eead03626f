"""Certificates for a project that serves over https, made when it begins to.

An authority is made in memory, and signs one certificate for this machine. Its own
certificate is written to a file, for clients to trust; its key is nowhere but here.
"""

from __future__ import annotations

import os
import ssl
import tempfile
from pathlib import Path

from mixpanel_query.local.exceptions import LocalProjectError

__all__ = ["MachineCertificate"]

# The names that clients on this machine use for it.
NAMES = ("localhost", "127.0.0.1", "::1")
BEGINNING = "-----BEGIN CERTIFICATE-----"


class MachineCertificate:
    """What a server proves with that it is this machine.

    Args:
        path: File that gets the authority's certificate, and stays; True takes one in
            a folder for temporary files, which is there until `close`.
        host: Address that the server listens at.

    Attributes:
        context: What the server secures its connections with.
        ca_file: The file with the authority's certificate.

    Raises:
        LocalProjectError: If trustme is not installed, or the file cannot be written
            or holds something else.
    """

    def __init__(self, path: bool | str | os.PathLike[str], host: str) -> None:
        try:
            import trustme
        except ModuleNotFoundError as error:
            raise LocalProjectError(
                "https needs trustme, which is not installed; "
                "run: pip install 'mixpanel-query[local]'"
            ) from error
        authority = trustme.CA(organization_name="mixpanel-query local project")
        names = dict.fromkeys((*NAMES, host or NAMES[0]))
        certificate = authority.issue_cert(*names)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        # This writes the key of the certificate, which only its user may read, and
        # removes it at once: Python cannot read a key from memory.
        certificate.configure_cert(self.context)
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        if isinstance(path, bool):
            self._folder = tempfile.TemporaryDirectory(prefix="mixpanel-local-")
            path = Path(self._folder.name, "ca.pem")
        # Other terminals, in which it is named, are in other folders.
        self.ca_file = Path(path).absolute()
        write_certificate(self.ca_file, authority.cert_pem.bytes())

    def close(self) -> None:
        """Remove the file, unless it was asked for by its name."""
        if self._folder:
            self._folder.cleanup()


def write_certificate(path: Path, certificate: bytes) -> None:
    """Write a certificate into a file, which may hold another one, and nothing else.

    Raises:
        LocalProjectError: If it holds something else, or cannot be written.
    """
    try:
        if path.exists() and not is_one_certificate(path.read_text("latin-1")):
            raise LocalProjectError(
                f"{path} holds something else than one certificate; name another file "
                "for that of the local project"
            )
        path.write_bytes(certificate)
    except OSError as error:
        raise LocalProjectError(
            f"cannot write the certificate to {path}: {error.strerror}; name another "
            "file"
        ) from error


def is_one_certificate(text: str) -> bool:
    """Tell whether a file holds nothing, or one certificate and nothing else.

    >>> is_one_certificate("shopping list"), is_one_certificate("")
    (False, True)
    """
    return not text or (text.startswith(BEGINNING) and text.count("-----BEGIN") == 1)
