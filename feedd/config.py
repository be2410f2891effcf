"""Configuration: one TOML file and ``FEEDD_SECTION__KEY`` variables become one frozen `Config`.

The only file that knows where settings come from; nothing else reads the environment. Every key carries its
*wish*, the end of the sentence an operator reads when the value is wrong. Only keys that act are accepted, so
nothing that somebody sets is silently ignored.
"""

from __future__ import annotations

import datetime as dt
import difflib
import ipaddress
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PrivateAttr,
    ValidationError,
    ValidationInfo,
)
from pydantic.fields import FieldInfo

from feedd import toml
from feedd.errors import ConfigError

Checked = TypeVar("Checked")

FILE_NAME = "feedd.toml"
SYSTEM_FILE = Path("/etc/feedd/feedd.toml")
FILE_VARIABLE = "FEEDD_CONFIG"

# Keys that others may already have read about, and that do nothing yet.
_LATER: Mapping[str, frozenset[str]] = {
    "mail": frozenset({"bounce_domain", "dkim_key_file", "dkim_selector", "allow_list", "rate"}),
    "serve": frozenset({"desk"}),
    "websub": frozenset({"hub"}),
}
_NOT_YET = "take it out, it is not available in this version"


# ── Values: what an operator may write, and what it becomes ─────────────────────────────────────────────────────
# A ValueError here never reaches anybody: `_refusal` turns it into the field's wish.

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_BASE_PATH = re.compile(r"(/[A-Za-z0-9._~-]+)*")
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?")
_SPAN = re.compile(r"(\d+)\s*(minute|hour|day|week)s?")
_HOUR = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
_SQLITE = "sqlite:///"
_MEANT = ("withdrawn", "embargo")  # folders below the inbox that say something about what lies in them
_SERVER_STORES = ("postgresql://", "postgresql+psycopg://")


def _matching(pattern: re.Pattern[str], value: str) -> str:
    if not pattern.fullmatch(value):
        raise ValueError(value)
    return value


def _one_line(value: str) -> str:
    if _CONTROL.search(value):
        raise ValueError(value)
    return value


def _number(value: object) -> object:
    """Whole or broken numbers, also as text from the environment; true and false are no numbers."""
    if isinstance(value, bool):
        raise ValueError(value)
    return value


def _base_url(value: str) -> str:
    url = urlsplit(_one_line(value).rstrip("/"))
    if url.scheme not in ("http", "https") or url.username or url.password or url.query or url.fragment:
        raise ValueError(value)
    if "?" in value or "#" in value or {".", ".."} & set(url.path.split("/")):
        raise ValueError(value)
    _host(url.hostname or "")
    _ = url.port  # raises ValueError when it is no port
    _matching(_BASE_PATH, url.path)
    return url._replace(netloc=url.netloc.lower()).geturl()


def _host(value: str) -> str:
    try:
        ipaddress.ip_address(value)
    except ValueError:
        _matching(_HOST, value)
    return value


def _time_zone(value: str) -> str:
    try:
        return ZoneInfo(value).key
    except (OSError, KeyError) as error:  # a folder of zones, or no such zone
        raise ValueError(value) from error


def _address(value: str) -> str:
    return _matching(_ADDRESS, value)


def _span(value: object) -> object:
    if isinstance(value, dt.timedelta):
        return value
    match = _SPAN.fullmatch(value.strip()) if isinstance(value, str) else None
    if not match or int(match[1]) > 100_000:
        raise ValueError(value)
    return dt.timedelta(**{f"{match[2]}s": int(match[1])})


def _hour(value: object) -> object:
    if isinstance(value, dt.time):  # TOML has times of its own: 06:30:00
        return _whole_minute(value)
    match = _HOUR.fullmatch(value) if isinstance(value, str) else None
    if not match:
        raise ValueError(value)
    return dt.time(int(match[1]), int(match[2]))


def _whole_minute(value: dt.time) -> dt.time:
    if value.tzinfo or value.second or value.microsecond:
        raise ValueError(value)
    return value


def _names(value: object) -> object:
    """A list, or from the environment one text with commas."""
    return [name.strip() for name in value.split(",") if name.strip()] if isinstance(value, str) else value


def _review_below(value: object) -> object:
    return value if value == "auto" else _number(value)


def _from_folder(path: Path, info: ValidationInfo) -> Path:
    """Relative paths start at the working directory that `load` was given."""
    folder = (info.context or {}).get("folder")
    return folder / path.expanduser() if folder else path


def _existing_folder(path: Path) -> Path:
    if not path.is_dir():
        raise ValueError(path)
    return path


def _store_url(value: str, info: ValidationInfo) -> str:
    if _one_line(value).startswith(_SERVER_STORES):
        return value
    path = value.removeprefix(_SQLITE)
    if path == value or not path or path.startswith(":memory:"):
        raise ValueError(value)
    return f"{_SQLITE}{_from_folder(Path(path), info)}"


def _after(value: str) -> str:
    """``keep``, or a path below the inbox: plain names, and none of the folders that mean something there."""
    if value.lower() == "keep":
        return "keep"
    names = _one_line(value).split("/")
    if {"", ".", ".."} & set(names) or names[0].lower() in _MEANT or any(len(name.encode()) > 255 for name in names):
        raise ValueError(value)
    return value


def _not_blank(value: Path) -> Path:
    if str(value) == "." or "\0" in str(value):
        raise ValueError(value)
    return value


Text = Annotated[str, AfterValidator(_one_line)]
Title = Annotated[Text, Field(min_length=1)]
Whole = Annotated[int, BeforeValidator(_number)]
Number = Annotated[float, BeforeValidator(_number), Field(allow_inf_nan=False)]
Place = Annotated[Path, AfterValidator(_not_blank), AfterValidator(_from_folder)]
Folder = Annotated[Place, AfterValidator(_existing_folder)]
Address = Annotated[str, AfterValidator(_address)]
Host = Annotated[str, AfterValidator(_host)]
Span = Annotated[dt.timedelta, BeforeValidator(_span)]
Port = Annotated[Whole, Field(ge=1, le=65535)]
Kind = Literal["text", "markdown", "pdf"]

_LINE_WISH = "write one line of text"
_PATH_WISH = "give a path"
_PORT_WISH = "give a whole number from 1 to 65535"
_ADDRESS_WISH = "give a mail address such as news@example.com"
_SPAN_WISH = 'give a span of time such as "3 days" or "36 hours"'


# ── Sections ────────────────────────────────────────────────────────────────────────────────────────────────────


class _Section(BaseModel):
    """One table of the file. Each field's description is its wish."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True, populate_by_name=True)


class SiteSection(_Section):
    """Who publishes, and where. `author_name` is the title unless it is set."""

    title: Title = Field(default="News releases", description="write the site's name as one line of text")
    base_url: Annotated[str, AfterValidator(_base_url)] = Field(
        default="http://127.0.0.1:8080", description="give the site's address such as https://news.example.com"
    )
    author_name: Text = Field(default="", description=_LINE_WISH)
    author_email: Address | Literal[""] = Field(default="", description=_ADDRESS_WISH)
    language: Annotated[str, AfterValidator(lambda value: _matching(_LANGUAGE, value))] = Field(
        default="en", description="give a language such as en or fr-CA"
    )
    time_zone: Annotated[str, AfterValidator(_time_zone)] = Field(
        default="UTC", description="give a zone's name such as America/Toronto"
    )
    imprint: str = Field(default="", description="write the postal address that letters show as text")
    secret_file: Place = Field(default=Path("state/secret"), description=_PATH_WISH)


class WatchSection(_Section):
    folder: Place = Field(default=Path("inbox"), description=_PATH_WISH)
    mode: Literal["auto", "events", "poll"] = Field(default="auto", description="give auto, events or poll")
    rescan_s: Annotated[Number, Field(ge=1, le=86400)] = Field(
        default=60.0, description="give a number of seconds from 1 to 86400"
    )
    settle_s: Annotated[Number, Field(ge=0.1, le=3600)] = Field(
        default=2.0, description="give a number of seconds from 0.1 to 3600, such as 2"
    )
    after: Annotated[str, AfterValidator(_after)] = Field(
        default="keep", description="give keep, or the name of a folder below the inbox such as done"
    )
    on_delete: Literal["keep", "withdraw"] = Field(default="keep", description="give keep or withdraw")
    canary: bool = Field(default=False, description="give true or false")

    @property
    def done_folder(self) -> str | None:
        """Where recorded files are put away, a path below the inbox; None where they stay."""
        return None if self.after == "keep" else self.after


class StoreSection(_Section):
    url: Annotated[str, AfterValidator(_store_url)] = Field(
        default="sqlite:///state/feedd.db",
        description="give sqlite:/// and a file's path, or postgresql://user@host/name",
    )


class OutSection(_Section):
    folder: Place = Field(default=Path("out"), description=_PATH_WISH)
    window: Annotated[Whole, Field(ge=1, le=1000)] = Field(
        default=50, description="give a whole number of entries from 1 to 1000"
    )
    originals: Annotated[tuple[Kind, ...], BeforeValidator(_names)] = Field(
        default=("pdf", "text"), description="give a list of the kinds to publish: text, markdown, pdf"
    )
    templates: Folder | None = Field(default=None, description="give the path of a folder that exists")


class ClassifySection(_Section):
    review_below: Annotated[Literal["auto"] | Annotated[float, Field(ge=0, le=1)], BeforeValidator(_review_below)] = (
        Field(default="auto", description='give "auto" or a number from 0 to 1')
    )
    publish_unsure: bool = Field(default=True, description="give true or false")
    rules: Folder | None = Field(default=None, description="give the path of a folder that exists")


class NotifySection(_Section):
    max_age: Span = Field(default=dt.timedelta(days=3), description=_SPAN_WISH)
    digest_max_age: Span = Field(default=dt.timedelta(days=14), description=_SPAN_WISH)
    alerts_per_hour: Annotated[Whole, Field(ge=1, le=1000)] = Field(
        default=5, description="give a whole number of letters from 1 to 1000"
    )
    digest_hour: Annotated[dt.time, BeforeValidator(_hour)] = Field(
        default=dt.time(6, 30), description='give a time of day such as "06:30"'
    )


class MailSection(_Section):
    """How letters leave. `sender` is written ``from`` in the file; `load` fills it and `port` where unset."""

    transport: Literal["maildir", "smtp"] = Field(default="maildir", description="give maildir or smtp")
    maildir: Place = Field(default=Path("state/mail"), description=_PATH_WISH)
    host: Host = Field(default="localhost", description="give the name or address of a mail server")
    port: Port = Field(default=25, description=_PORT_WISH)
    tls: Literal["none", "starttls", "tls"] = Field(default="none", description="give none, starttls or tls")
    user: Text = Field(default="", description=_LINE_WISH)
    password_file: Place | None = Field(default=None, description="give the path of a file that holds the password")
    sender: Address = Field(default="feedd@localhost.localdomain", alias="from", description=_ADDRESS_WISH)
    reply_to: Address | None = Field(default=None, description=_ADDRESS_WISH)
    on_uncertain: Literal["resend", "hold"] = Field(default="resend", description="give resend or hold")


class ServeSection(_Section):
    host: Host = Field(default="127.0.0.1", description="give the name or address to listen on, such as 127.0.0.1")
    port: Port = Field(default=8080, description=_PORT_WISH)


class Config(BaseModel):
    """Everything an operator can set, checked. `file` is where it was read, None with defaults alone."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    site: SiteSection = SiteSection()
    watch: WatchSection = WatchSection()
    store: StoreSection = StoreSection()
    out: OutSection = OutSection()
    classify: ClassifySection = ClassifySection()
    notify: NotifySection = NotifySection()
    mail: MailSection = MailSection()
    serve: ServeSection = ServeSection()

    _file: Path | None = PrivateAttr(None)
    _origins: Mapping[str, str] = PrivateAttr({})

    @property
    def file(self) -> Path | None:
        return self._file

    def shown(self) -> dict[str, dict[str, Any]]:
        """``section.key`` → ``value`` (plain, without passwords) and ``from``: default, file or environment."""
        return {
            f"{section}.{key}": {
                "value": _plain(getattr(getattr(self, section), field)),
                "from": self._origins.get(f"{section}.{key}", "default"),
            }
            for section, model in _SECTIONS.items()
            for key, field in _fields(model).items()
        }


def _fields(model: type[BaseModel]) -> dict[str, str]:
    """Key as written → name of the attribute."""
    return {field.alias or name: name for name, field in model.model_fields.items()}


_SECTIONS: Mapping[str, type[BaseModel]] = {
    name: field.annotation for name, field in Config.model_fields.items() if isinstance(field.annotation, type)
}
_NAMES = tuple(f"{section}.{key}" for section, model in _SECTIONS.items() for key in _fields(model))


def _field(section: str, key: str) -> FieldInfo:
    model = _SECTIONS[section]
    return model.model_fields[_fields(model)[key]]


# ── Reading ─────────────────────────────────────────────────────────────────────────────────────────────────────

Tables = dict[str, dict[str, Any]]


def load(path: Path | None, *, environ: Mapping[str, str], folder: Path) -> Config:
    """The configuration from the first file found, under what `environ` overrides.

    The file is `path`, else ``FEEDD_CONFIG``, else ``feedd.toml`` in `folder` (the working directory, where
    relative paths start), else ``/etc/feedd/feedd.toml``, else none. Raises `ConfigError` for a named file that
    is missing, for bad TOML, and for the first key or value that is wrong.
    """
    file, text = _find(path, environ, folder)
    tables = _tables(file, text)
    origins = {f"{section}.{key}": "file" for section, table in tables.items() for key in table}
    for variable, section, key, value in _overrides(environ):
        tables.setdefault(section, {})[key] = value
        origins[f"{section}.{key}"] = "environment"
        _check_known(variable, section, key, value)
    config = _checked(tables, {"folder": folder}, environ)
    config = _derived(config, origins)
    _check_watch(config.watch)
    _check_mail(config.mail, origins)
    config._file, config._origins = file, origins
    return config


def _find(path: Path | None, environ: Mapping[str, str], folder: Path) -> tuple[Path | None, bytes]:
    """The file and its bytes; a file that was named must exist, the usual places may be empty."""
    if path is not None:
        return _named("--config", folder / path)
    if environ.get(FILE_VARIABLE):
        return _named(FILE_VARIABLE, folder / environ[FILE_VARIABLE])
    for place in (folder / FILE_NAME, SYSTEM_FILE):
        try:
            return place, place.read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError as error:
            raise ConfigError(str(place), error.strerror, "make the file readable or take it away") from error
    return None, b""


def _named(key: str, path: Path) -> tuple[Path, bytes]:
    try:
        return path, path.read_bytes()
    except OSError as error:
        wish = f"name a file that can be read ({error.strerror})"
        raise ConfigError(key, str(path), wish) from error


def _tables(file: Path | None, text: bytes) -> Tables:
    """The file's sections, every key known."""
    tables = toml.read(str(file), text, shown=_safe_line)
    for section, table in tables.items():
        if not isinstance(table, dict):
            raise ConfigError(section, _safe(section, table), _no_section(section))
        if section not in _SECTIONS and section not in _LATER:
            raise ConfigError(section, _safe(section, table), _unknown("section", section, _SECTIONS))
        for key, value in table.items():
            _check_known(f"{section}.{key}", section, key, value)
    return tables


def _no_section(key: str) -> str:
    """The wish for a value that stands outside of all sections."""
    if key in _SECTIONS:
        return f"write it as a section, [{key}], with keys below it"
    return _unknown("key", f".{key}", _NAMES)


def _overrides(environ: Mapping[str, str]) -> Iterable[tuple[str, str, str, str]]:
    """Every ``FEEDD_SECTION__KEY``: variable, section, key, value."""
    for variable in sorted(environ):
        if variable.startswith("FEEDD_") and variable != FILE_VARIABLE:
            section, _, key = variable.removeprefix("FEEDD_").lower().partition("__")
            yield variable, section, key, environ[variable]


def _check_known(name: str, section: str, key: str, value: object) -> None:
    """Raises `ConfigError` unless ``section.key`` acts in this version. `name` is how the operator wrote it."""
    if key in _LATER.get(section, ()):
        raise ConfigError(name, value, _NOT_YET)
    known = tuple(map(_variable, _NAMES)) if name.startswith("FEEDD_") else _NAMES
    if name not in known:
        raise ConfigError(name, _safe(name, value), _unknown("key", name, known))


def _unknown(what: str, name: str, known: Iterable[str]) -> str:
    near = _nearest(name, tuple(known))
    return f"no such {what} is known, {f'perhaps {near} is meant' if near else 'take it out'}"


def _nearest(name: str, known: Sequence[str]) -> str | None:
    """A slip of the pen, else the same key of another section, else whatever looks alike."""
    folded, name = {each.lower(): each for each in known}, name.lower()
    slips = difflib.get_close_matches(name, folded, n=1, cutoff=0.85)
    elsewhere = [each for each in folded if each.partition(".")[2] == name.partition(".")[2] != ""]
    alike = difflib.get_close_matches(name, folded, n=1)
    return next((folded[each] for each in (*slips, *elsewhere, *alike)), None)


def _variable(name: str) -> str:
    return "FEEDD_" + name.upper().replace(".", "__")


def _checked(tables: Tables, context: Mapping[str, Any], environ: Mapping[str, str]) -> Config:
    whole = {section: tables.get(section, {}) for section in _SECTIONS}  # so that defaults meet `context` too
    try:
        return Config.model_validate(whole, context=dict(context))
    except ValidationError as error:
        section, key = error.errors()[0]["loc"][:2]
        raise _refusal(f"{section}.{key}", tables[str(section)].get(str(key)), environ) from error


def _refusal(name: str, value: object, environ: Mapping[str, str]) -> ConfigError:
    wish = _field(*name.split(".", 1)).description or "give another value"
    return ConfigError(_variable(name) if _variable(name) in environ else name, _safe(name, value), wish)


# ── What follows from other keys ────────────────────────────────────────────────────────────────────────────────

_USUAL_PORTS = {"none": 25, "starttls": 587, "tls": 465}


def _derived(config: Config, origins: Mapping[str, str]) -> Config:
    """Fills `site.base_url`, `site.author_name`, `mail.from` and `mail.port` where nobody set them."""
    site, mail = config.site, config.mail
    if "site.base_url" not in origins:  # a reader on this machine must find what `serve.port` moved
        site = site.model_copy(update={"base_url": f"http://127.0.0.1:{config.serve.port}"})
    if not site.author_name:
        site = site.model_copy(update={"author_name": site.title})
    if "mail.from" not in origins:
        mail = mail.model_copy(update={"sender": _usual_sender(site.base_url)})
    if "mail.port" not in origins:
        mail = mail.model_copy(update={"port": _USUAL_PORTS[mail.tls]})
    return config.model_copy(update={"site": site, "mail": mail})


def _usual_sender(base_url: str) -> str:
    """``feedd@`` the site's host. A number or a bare name is no mail domain, so these get the loopback's."""
    host = urlsplit(base_url).hostname or ""
    address = f"feedd@{host}"
    is_number = host.replace(".", "").isdigit()
    return address if _ADDRESS.fullmatch(address) and not is_number else "feedd@localhost.localdomain"


def _check_watch(watch: WatchSection) -> None:
    if watch.on_delete == "withdraw" and watch.done_folder:
        wish = "give keep, or take watch.after out: files that feedd puts away are no sign of anything when they go"
        raise ConfigError("watch.on_delete", watch.on_delete, wish)


def _check_mail(mail: MailSection, origins: Mapping[str, str]) -> None:
    if mail.user and mail.password_file is None:
        raise ConfigError("mail.user", mail.user, "give mail.password_file too, or take the user out")
    if mail.password_file and not mail.user:
        raise ConfigError("mail.password_file", str(mail.password_file), "give mail.user too, or take it out")
    if mail.user and mail.tls == "none" and not _is_here(mail.host):
        raise ConfigError("mail.tls", mail.tls, "give starttls or tls: a password would travel in the clear")


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


# ── Showing ─────────────────────────────────────────────────────────────────────────────────────────────────────

_SECRET_ENDINGS = ("password", "passwd", "secret", "token", "key")
_SECRET_WORD = f"(?:{'|'.join(_SECRET_ENDINGS)})"
# Up to the last @: whoever forgot to encode a password has an @ or a slash in it.
_PASSWORD = re.compile(r"(?<=://)([^/@:\s]*):\S*@")
_PASSWORD_IN_QUERY = re.compile(rf"([?&][^=&\s]*{_SECRET_WORD}=)[^&\s]*", re.IGNORECASE)
_SECRET_LINE = re.compile(rf"(\s*[\"']?[\w.-]*{_SECRET_WORD}[\"']?\s*=).*", re.IGNORECASE)


def _safe(name: str, value: object) -> object:
    """A value as it may stand in a sentence: somebody may have written a password under a name of their own."""
    if isinstance(value, dict):
        return {key: _safe(key, inner) for key, inner in value.items()}
    if name.lower().endswith(_SECRET_ENDINGS):
        return "***"
    return _masked(value) if isinstance(value, str) else value


def _masked(url: str) -> str:
    """A database address without its password."""
    return _PASSWORD_IN_QUERY.sub(r"\1***", _PASSWORD.sub(r"\1:***@", url))


def _safe_line(line: str) -> str:
    """A line of the file as it may stand in a sentence: it may hold a password, and TOML could not tell us."""
    return _SECRET_LINE.sub(r"\1 ***", _masked(line))


def _span_text(span: dt.timedelta) -> str:
    for unit, seconds in (("day", 86400), ("hour", 3600)):
        count, rest = divmod(int(span.total_seconds()), seconds)
        if count and not rest:
            return f"{count} {unit}{'s' if count > 1 else ''}"
    return f"{int(span.total_seconds()) // 60} minutes"


def _plain(value: object) -> object:
    """As one would write it in the file."""
    match value:
        case dt.timedelta():
            return _span_text(value)
        case dt.time():
            return value.strftime("%H:%M")
        case Path():
            return str(value)
        case tuple():
            return list(value)
        case str():
            return _masked(value)
        case _:
            return value


# ── What commands take as arguments: the same rules, the same sentences ─────────────────────────────────────────


def check_address(name: str, value: str) -> str:
    """A mail address given as the argument *name*. Raises `ConfigError`."""
    return _argument(name, value, _address, _ADDRESS_WISH)


def check_time_zone(name: str, value: str) -> str:
    """An IANA zone given as the argument *name*. Raises `ConfigError`."""
    return _argument(name, value, _time_zone, "give a zone's name such as America/Toronto")


def check_hour(name: str, value: str) -> dt.time:
    """A time of day given as the argument *name*. Raises `ConfigError`."""
    return _argument(name, value, lambda text: dt.time.fromisoformat(str(_hour(text))), 'give a time such as "06:30"')


def _argument(name: str, value: str, check: Callable[[str], Checked], wish: str) -> Checked:
    try:
        return check(value)
    except ValueError as error:
        raise ConfigError(name, value, wish) from error
