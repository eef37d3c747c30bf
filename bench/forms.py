"""What a browser would send of a form that somebody has filled in: read from the page, so that it cannot lag behind."""

from html.parser import HTMLParser


class Reader(HTMLParser):
    """Collects the fields of the POST form: what stands in them, what is chosen, and every tick that is asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: list[tuple[str, str]] = []
        self.inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "form":
            self.inside = found.get("method") == "post"
        if tag == "input" and self.inside and (name := found.get("name")) and chosen(found):
            self.fields.append((name, found.get("value") or ("on" if found.get("type") == "checkbox" else "")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False


def chosen(field: dict[str, str | None]) -> bool:
    match field.get("type"):
        case "radio":
            return "checked" in field
        case "checkbox":
            return "checked" in field or "required" in field
    return True


def filled(html: str) -> dict[str, str]:
    reader = Reader()
    reader.feed(html)
    return dict(reader.fields)
