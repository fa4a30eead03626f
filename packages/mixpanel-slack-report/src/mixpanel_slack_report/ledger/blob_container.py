"""A container of Azure Blob storage, as far as the ledger needs it.

Every error of Azure's library becomes a ``LedgerError`` without the address, which may
have a signature in it. https://learn.microsoft.com/rest/api/storageservices/lease-blob
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from azure.core import MatchConditions
from azure.core.exceptions import (
    AzureError,
    HttpResponseError,
    ResourceExistsError,
    ResourceModifiedError,
    ResourceNotFoundError,
    ServiceRequestError,
)
from azure.storage.blob import BlobLeaseClient, ContainerClient

from mixpanel_slack_report.exceptions import LedgerError
from mixpanel_slack_report.masking import mask_secrets

__all__ = ["BlobContainer", "FoundBlob", "Lease", "let_go", "renew"]

Lease: TypeAlias = BlobLeaseClient
LEASE_GONE = (
    "LeaseNotPresentWithBlobOperation",
    "LeaseIdMismatchWithBlobOperation",
    "LeaseLost",
)
OPTIONS: dict[str, Any] = {
    "retry_total": 3,
    # Seconds to wait before a repeat: 3, 4 and 6. Azure's own are 16 to 24, for
    # programs that nobody waits for.
    "initial_backoff": 2,
    "increment_base": 2,
    # With a storage that hangs, a question ends after 4 x 15 + 13 seconds.
    "connection_timeout": 10,
    "read_timeout": 15,
}
# What Azure's library warns of is in the error that is raised; without this, it would
# be on stderr too where nobody has set up logging.
logging.getLogger("azure").addHandler(logging.NullHandler())


@dataclass(frozen=True, slots=True)
class FoundBlob:
    """A blob in a listing.

    Attributes:
        name: Its path in the container.
        changed: When it was last written, by Azure's clock.
        metadata: What was written beside it.
    """

    name: str
    changed: datetime
    metadata: Mapping[str, str]


class BlobContainer:
    """A container; threads may share it.

    Args:
        client: Azure's client of the container.
    """

    def __init__(self, client: ContainerClient) -> None:
        self._client = client

    @classmethod
    def of_address(cls, address: str) -> BlobContainer:
        """Take a container by its address, which has a signature in it."""
        logging.getLogger("urllib3.connectionpool").addFilter(hide_signature)
        return cls(ContainerClient.from_container_url(address, **OPTIONS))

    @classmethod
    def of_connection(cls, connection: str, name: str) -> BlobContainer:
        """Take a container of a storage account.

        Raises:
            ValueError: If the connection string is none.
        """
        client = ContainerClient.from_connection_string(connection, name, **OPTIONS)
        return cls(client)

    @property
    def shown(self) -> str:
        """What names it in errors."""
        return f"ledger in blob container {self._client.container_name}"

    def read(self, name: str) -> tuple[bytes, str] | None:
        """Return a blob and its ETag; None if it is not there."""
        with self._told_errors():
            try:
                found = self._client.download_blob(name)
                return found.readall(), found.properties.etag
            except ResourceNotFoundError:
                return None

    def create(self, name: str, data: bytes) -> None:
        """Write a blob unless it is there, and the container if need be."""
        with self._told_errors(), suppress(ResourceExistsError):
            try:
                self._client.upload_blob(name, data)
            except ResourceNotFoundError:
                with suppress(ResourceExistsError):
                    self._client.create_container()
                self._client.upload_blob(name, data)

    def replace(
        self,
        name: str,
        data: bytes,
        etag: str,
        *,
        metadata: dict[str, str],
        lease: Lease | None,
    ) -> bool:
        """Write a blob that is as it was read; False if it is not.

        A lease that ran out is no hindrance, unless somebody else has one: also False.
        """
        with self._told_errors():
            try:
                self._client.upload_blob(
                    name,
                    data,
                    overwrite=True,
                    metadata=metadata,
                    lease=lease,
                    etag=etag,
                    match_condition=MatchConditions.IfNotModified,
                )
            except ResourceModifiedError:
                return False
            except HttpResponseError as error:
                if code_of(error) == "LeaseIdMissing":
                    return False
                if lease is None or code_of(error) not in LEASE_GONE:
                    raise
                return self.replace(name, data, etag, metadata=metadata, lease=None)
        return True

    def overwrite(self, name: str, data: bytes) -> None:
        """Write a blob, whatever is there."""
        self.create(name, data)
        with self._told_errors():
            self._client.upload_blob(name, data, overwrite=True)

    def lease(self, name: str, seconds: int) -> Lease | None:
        """Lease a blob for 15 to 60 seconds; None if somebody else has it.

        Raises:
            KeyError: If it is not there.
        """
        with self._told_errors():
            lease = BlobLeaseClient(self._client.get_blob_client(name))
            try:
                lease.acquire(lease_duration=seconds)
            except ResourceExistsError:
                return None
            except ResourceNotFoundError as error:
                raise KeyError(name) from error
        return lease

    def remove(self, name: str, *, lease: Lease | None = None) -> None:
        """Remove a blob, unless somebody else is at it."""
        with suppress(AzureError):
            self._client.delete_blob(name, lease=lease)

    def listing(self, prefix: str) -> Iterator[FoundBlob]:
        """Yield the blobs whose names begin so; none if there is no container."""
        with self._told_errors(), suppress(ResourceNotFoundError):
            for blob in self._client.list_blobs(prefix, include=["metadata"]):
                yield FoundBlob(blob.name, blob.last_modified, blob.metadata or {})

    def close(self) -> None:
        """Let go of connections."""
        self._client.close()

    @contextmanager
    def _told_errors(self) -> Iterator[None]:
        """Turn errors of Azure into one line that says what to do.

        Raises:
            LedgerError: Without the address.
        """
        try:
            yield
        except AzureError as error:
            message = f"{self.shown} cannot be used ({code_of(error)})"
            raise LedgerError(f"{message}; {remedy(error)}") from None


def hide_signature(record: logging.LogRecord) -> bool:
    """Take the signature out of an address that urllib3 logs when it debugs."""
    record.msg, record.args = mask_secrets(record.getMessage(), ()), None
    return True


def code_of(error: AzureError) -> str:
    """Return Azure's word for an error, or else its class."""
    code = getattr(error, "error_code", None)
    return str(getattr(code, "value", code) or type(error).__name__)


def remedy(error: AzureError) -> str:
    """Say what to look at: whether the storage is there, or what it was shown."""
    settings = "AzureWebJobsStorage, or the address in REPORT_LEDGER, is right"
    if isinstance(error, ServiceRequestError):
        return (
            f"see whether {settings}, and whether the storage can be reached; on this "
            "machine npx azurite runs one"
        )
    return f"see whether {settings} and may read, add, write, list and delete"


def renew(lease: Lease) -> None:
    """Hold on to a lease; one that cannot be renewed may have run out."""
    with suppress(AzureError):
        lease.renew()


def let_go(lease: Lease) -> None:
    """Give a lease back; one that cannot be given back runs out."""
    with suppress(AzureError):
        lease.release(retry_total=0)
