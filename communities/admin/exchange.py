"""Tables in and out, as CSV or XLSX: within one's own scope, all rows or none, and harmless in a spreadsheet."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from import_export import resources, widgets
from import_export.admin import ImportExportMixin
from import_export.formats.base_formats import CSV, XLSX, Format
from import_export.tmp_storages import CacheStorage
from unfold.contrib.import_export.forms import ExportForm, ImportForm

from communities.access import May
from communities.admin.base import Admin, scope
from communities.errors import Gone
from communities.rules.cells import as_meant, harmless

MOST_BYTES = 2 * 1024 * 1024
MOST_UNPACKED = 20 * 1024 * 1024
MOST_ROWS = 5000


class Among(widgets.ForeignKeyWidget):  # type: ignore[misc]
    """One of the rows that the user has the capability on, by a column. `also`: more columns that narrow it."""

    def __init__(
        self,
        model: type[Model],
        field: str = "name",
        *,
        may: Sequence[May],
        areas: Sequence[str] | None,
        also: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(model, field)
        self.may, self.areas, self.also = may, areas, also or {}
        self.user: Any = None

    def get_queryset(self, value: Any, row: Mapping[str, Any], *args: Any, **kwargs: Any) -> QuerySet[Any]:
        narrowed = {lookup: row.get(column) for column, lookup in self.also.items()}
        return self.model._default_manager.filter(scope(self.user, self.may, self.areas), **narrowed)

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        try:
            return super().clean(value, row, **kwargs)
        except (self.model.DoesNotExist, self.model.MultipleObjectsReturned) as error:
            raise ValueError(_("There is no single “%(name)s” in your areas.") % {"name": value}) from error


class Sheet(resources.ModelResource):
    """One kind of row as a table. Rows are found again by what people call them, never by number."""

    class Meta:
        use_transactions = True
        skip_unchanged = True
        clean_model_instances = True
        abstract = True

    def __init__(self, user: Any = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        for field in self.fields.values():
            if isinstance(field.widget, Among):
                field.widget.user = user

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        if len(dataset) > MOST_ROWS:
            raise ValidationError(_("At most %(most)d rows at once.") % {"most": MOST_ROWS})

    def before_import_row(self, row: Any, **kwargs: Any) -> None:
        for name, value in row.items():
            row[name] = as_meant(value)

    def export_field(self, field: Any, instance: Any, **kwargs: Any) -> Any:
        return harmless(super().export_field(field, instance, **kwargs))


def read_csv(content: bytes) -> bytes:
    """As UTF-8, from UTF-8 (with or without mark) or what Chinese spreadsheets write."""
    if b"\0" in content:
        raise ValidationError(_("This is not a CSV file."))
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding).encode()
        except UnicodeDecodeError:
            continue
    raise ValidationError(_("The letters of this file cannot be read. Save it as UTF-8."))


def read_xlsx(content: bytes) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            unpacked = sum(part.file_size for part in packed.infolist())
    except (zipfile.BadZipFile, ValueError) as error:
        raise ValidationError(_("This is not an XLSX file.")) from error
    if unpacked > MOST_UNPACKED:
        raise ValidationError(_("The file is too large."))
    return content


class UploadForm(ImportForm):  # type: ignore[misc]
    """What is uploaded is small and what it says it is, before anything reads it."""

    def clean_import_file(self) -> UploadedFile:
        upload = self.cleaned_data["import_file"]
        if upload.size > MOST_BYTES:
            raise ValidationError(_("The file is too large."))
        ending = upload.name.rpartition(".")[2].lower()
        reader = {"csv": read_csv, "xlsx": read_xlsx}.get(ending)
        if reader is None:
            raise ValidationError(_("Upload a CSV or an XLSX file."))
        return SimpleUploadedFile(upload.name, reader(upload.read()), upload.content_type)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        upload, chosen = cleaned.get("import_file"), cleaned.get("format")
        if upload and chosen and not upload.name.lower().endswith(FORMATS[int(chosen)]().get_extension()):
            self.add_error("format", _("The file is of another format."))
        return cleaned


class BetweenSteps(CacheStorage):  # type: ignore[misc]
    """The upload, between the preview and the confirmation."""

    CACHE_LIFETIME = 3600

    def read(self) -> Any:
        found = super().read()
        if found is None:
            raise Gone("expired")
        return found.decode("utf-8-sig") if isinstance(found, bytes) and "b" not in self.read_mode else found


FORMATS: list[type[Format]] = [CSV, XLSX]


class Exchange(ImportExportMixin, Admin):  # type: ignore[misc]
    """A page with import and export. Imported rows pass the same scope as those filled in by hand."""

    import_form_class = UploadForm
    export_form_class = ExportForm
    tmp_storage_class = BetweenSteps
    formats = FORMATS
    import_formats = FORMATS
    export_formats = FORMATS
    to_encoding = "utf-8-sig"

    def has_import_permission(self, request: HttpRequest) -> bool:
        return self.has_add_permission(request) and self.has_change_permission(request)

    def has_export_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def get_import_formats(self) -> list[type[Format]]:
        return FORMATS

    def get_export_formats(self) -> list[type[Format]]:
        return FORMATS

    def get_resource_kwargs(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return {"user": request.user}

    def get_import_data_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_import_data_kwargs(**kwargs) | {"rollback_on_validation_errors": True}

    def process_result(self, result: Any, request: HttpRequest) -> HttpResponse:
        if result.has_errors() or result.has_validation_errors():
            messages.error(request, _("Something has changed since the preview. Nothing was imported."))
            result.totals = dict.fromkeys(result.totals, 0)
        return super().process_result(result, request)
