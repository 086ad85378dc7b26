"""Static files named by their content: served by this site, or by a public bucket."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage

from cattube.storage.objects import StoreError
from cattube.storage.s3_client import client_config
from cattube.storage.s3_errors import boto_errors

if TYPE_CHECKING:
    from storages.backends.s3 import S3StaticStorage

# Vite writes these with a hash in their names, under which they import each other.
BUILT = "assets/"
COMPRESSED = (".gz", ".br")
FOREVER = "public, max-age=31536000, immutable"
SENT_AT_ONCE = 8


def is_built(name: str) -> bool:
    """True when the name has a hash already.

    A second name would load a module twice: once as the page says, once as its neighbours do.
    """
    return name.startswith(BUILT)


class StaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Hashed, compressed copies, by the names in the manifest; without one, files by their plain names."""

    manifest_strict = False

    def hashed_name(self, name: str, content: object = None, filename: str | None = None) -> str:
        if is_built(name):
            return name
        try:
            return str(super().hashed_name(name, content, filename))
        except ValueError:  # the file was not collected: whitenoise serves it by the finders
            return name


class BucketStaticFiles(ManifestStaticFilesStorage):
    """Files collected, named and listed in a folder here, then sent to the public bucket.

    So a start reads its manifest from the disk, and files that the bucket has are not sent again.
    """

    def hashed_name(self, name: str, content: Any = None, filename: str | None = None) -> str:
        return name if is_built(name) else str(super().hashed_name(name, content, filename))

    def save_manifest(self) -> None:
        """List the files once all of them are in the bucket. Raises StoreError."""
        self._publish(name for name in self.hashed_files.values() if not name.endswith(COMPRESSED))
        super().save_manifest()

    def _publish(self, names: Iterator[str]) -> None:
        from boto3.exceptions import Boto3Error

        bucket = _public_bucket()
        try:
            stored = {summary.key for summary in bucket.bucket.objects.all()}
            missing = sorted({*names} - stored)
            with ThreadPoolExecutor(SENT_AT_ONCE) as pool:
                list(pool.map(lambda name: self._send(name, bucket), missing))
        except (Boto3Error, *boto_errors()) as error:
            raise StoreError(f"{settings.AWS_STORAGE_BUCKET_NAME}: {error}") from error

    def _send(self, name: str, bucket: "S3StaticStorage") -> None:
        with self.open(name) as file:
            bucket.save(name, file)


def _public_bucket() -> "S3StaticStorage":
    from storages.backends.s3 import S3StaticStorage

    return S3StaticStorage(
        bucket_name=settings.AWS_STORAGE_BUCKET_NAME,
        access_key=settings.AWS_ACCESS_KEY_ID,
        secret_key=settings.AWS_SECRET_ACCESS_KEY,
        endpoint_url=settings.AWS_S3_ENDPOINT_URL,
        region_name=settings.AWS_S3_REGION_NAME,
        client_config=client_config(),
        object_parameters={"CacheControl": FOREVER},
        # A file's name has its hash in it, so a file of the same name is the same file.
        file_overwrite=True,
        default_acl=None,
        gzip=False,
    )
