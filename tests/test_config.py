"""Configuration: where it is found, what overrides what, and the sentence for everything that is wrong."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import ValidationError

from feedd import config as config_module
from feedd.config import Config, load
from feedd.errors import ConfigError

Loader = Callable[..., Config]


@pytest.fixture(autouse=True)
def no_system_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(config_module, "SYSTEM_FILE", tmp_path / "etc" / "feedd.toml")


@pytest.fixture
def from_toml(tmp_path: Path) -> Loader:
    """Writes a `feedd.toml` and loads it, with variables as keywords."""

    def load_text(text: str, **environ: str) -> Config:
        (tmp_path / "feedd.toml").write_text(text, encoding="utf-8")
        return load(None, environ=environ, folder=tmp_path)

    return load_text


def from_environment(folder: Path, **environ: str) -> Config:
    return load(None, environ=environ, folder=folder)


def sentence(act: Callable[[], object]) -> str:
    with pytest.raises(ConfigError) as caught:
        act()
    return str(caught.value)


# ── Without a file ──────────────────────────────────────────────────────────────────────────────────────────────


def test_without_any_file_the_defaults_hold(tmp_path: Path) -> None:
    config = from_environment(tmp_path)
    assert config.file is None
    assert (config.site.base_url, config.site.language, config.site.time_zone) == ("http://127.0.0.1:8080", "en", "UTC")
    assert (config.watch.mode, config.watch.rescan_s, config.watch.settle_s) == ("auto", 60, 2)
    assert (config.out.window, config.out.originals, config.out.templates) == (50, ("pdf", "text"), None)
    assert (config.classify.review_below, config.classify.publish_unsure) == ("auto", True)
    assert (config.notify.max_age, config.notify.digest_max_age) == (dt.timedelta(days=3), dt.timedelta(days=14))
    assert (config.notify.alerts_per_hour, config.notify.digest_hour) == (5, dt.time(6, 30))
    assert (config.mail.transport, config.mail.tls, config.mail.on_uncertain) == ("maildir", "none", "resend")
    assert (config.serve.host, config.serve.port) == ("127.0.0.1", 8080)


def test_default_paths_lie_in_the_working_directory(tmp_path: Path) -> None:
    config = from_environment(tmp_path)
    assert config.watch.folder == tmp_path / "inbox"
    assert config.out.folder == tmp_path / "out"
    assert config.site.secret_file == tmp_path / "state" / "secret"
    assert config.mail.maildir == tmp_path / "state" / "mail"
    assert config.store.url == f"sqlite:///{tmp_path}/state/feedd.db"


def test_the_configuration_is_frozen(tmp_path: Path) -> None:
    with pytest.raises(ValidationError):
        from_environment(tmp_path).serve.port = 9000  # type: ignore[misc]


# ── Where it is found ───────────────────────────────────────────────────────────────────────────────────────────


def test_the_places_are_asked_in_order(tmp_path: Path) -> None:
    def write(name: str) -> Path:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f'[site]\ntitle = "{name}"\n', encoding="utf-8")
        return path

    write("etc/feedd.toml")
    assert from_environment(tmp_path).site.title == "etc/feedd.toml"
    write("feedd.toml")
    assert from_environment(tmp_path).site.title == "feedd.toml"
    write("variable.toml")
    environ = {"FEEDD_CONFIG": "variable.toml"}
    assert load(None, environ=environ, folder=tmp_path).site.title == "variable.toml"
    option = load(write("option.toml"), environ=environ, folder=tmp_path)
    assert (option.site.title, option.file) == ("option.toml", tmp_path / "option.toml")


def test_a_named_file_that_is_missing_is_an_error(tmp_path: Path) -> None:
    assert sentence(lambda: load(Path("my.toml"), environ={}, folder=tmp_path)) == (
        f"--config is '{tmp_path}/my.toml'; name a file that can be read (No such file or directory)."
    )
    assert sentence(lambda: from_environment(tmp_path, FEEDD_CONFIG="my.toml")).startswith("FEEDD_CONFIG is ")


def test_a_usual_file_that_cannot_be_read_is_not_passed_over(tmp_path: Path) -> None:
    (tmp_path / "feedd.toml").mkdir()
    assert sentence(lambda: from_environment(tmp_path)) == (
        f"{tmp_path}/feedd.toml is 'Is a directory'; make the file readable or take it away."
    )


# ── What overrides what ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_variable_overrides_the_file(from_toml: Loader) -> None:
    config = from_toml("[serve]\nport = 9000\nhost = '::1'\n", FEEDD_SERVE__PORT="9001")
    assert (config.serve.host, config.serve.port) == ("::1", 9001)


def test_a_variable_can_mend_a_wrong_value_in_the_file(from_toml: Loader) -> None:
    assert from_toml("[serve]\nport = 'high'\n", FEEDD_SERVE__PORT="9001").serve.port == 9001


def test_every_type_can_be_given_as_a_variable(tmp_path: Path) -> None:
    config = from_environment(
        tmp_path,
        FEEDD_WATCH__SETTLE_S="0.5",
        FEEDD_OUT__ORIGINALS="text, markdown",
        FEEDD_CLASSIFY__REVIEW_BELOW="0.7",
        FEEDD_CLASSIFY__PUBLISH_UNSURE="false",
        FEEDD_NOTIFY__MAX_AGE="36 hours",
        FEEDD_NOTIFY__DIGEST_HOUR="7:05",
        FEEDD_MAIL__FROM="releases@example.com",
        HOME="/nowhere",
    )
    assert config.watch.settle_s == 0.5
    assert config.out.originals == ("text", "markdown")
    assert (config.classify.review_below, config.classify.publish_unsure) == (0.7, False)
    assert (config.notify.max_age, config.notify.digest_hour) == (dt.timedelta(hours=36), dt.time(7, 5))
    assert config.mail.sender == "releases@example.com"


def test_shown_tells_where_each_value_came_from(from_toml: Loader) -> None:
    config = from_toml("[site]\ntitle = 'Northfield'\n", FEEDD_SERVE__PORT="9001")
    shown = config.shown()
    assert shown["site.title"] == {"value": "Northfield", "from": "file"}
    assert shown["serve.port"] == {"value": 9001, "from": "environment"}
    assert shown["notify.digest_hour"] == {"value": "06:30", "from": "default"}
    assert shown["mail.from"] == {"value": "feedd@localhost.localdomain", "from": "default"}


def test_what_is_shown_can_be_written_into_a_file_again(from_toml: Loader) -> None:
    shown = from_toml("[notify]\nmax_age = '90 minutes'\n[out]\noriginals = []\n").shown()
    text = ""
    for name, row in shown.items():
        section, key = name.split(".")
        value = row["value"]
        if value is not None and value != "":
            text += f"[{section}]\n" if f"[{section}]" not in text else ""
            text += f"{key} = {str(value).lower() if isinstance(value, bool) else repr(value)}\n"
    assert {name: row["value"] for name, row in from_toml(text).shown().items()} == {
        name: row["value"] for name, row in shown.items()
    }


def test_a_password_in_the_store_address_is_never_shown(from_toml: Loader) -> None:
    url = "postgresql://feedd:s3cret@db.example.com/feedd"
    config = from_toml(f"[store]\nurl = '{url}'\n")
    assert config.store.url == url
    assert config.shown()["store.url"]["value"] == "postgresql://feedd:***@db.example.com/feedd"
    assert "s3cret" not in sentence(lambda: from_toml(f"[store]\nurl = '{url.replace('postgresql', 'mysql')}'\n"))


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://feedd:s3c@ret@db.example.com/feedd",
        "postgresql://feedd:s3c/ret@db.example.com/feedd",
        "postgresql://db.example.com/feedd?user=feedd&password=s3c&connect_timeout=3",
        "postgresql://db.example.com/feedd?sslpassword=s3c",
    ],
)
def test_no_spelling_of_an_address_lets_its_password_out(from_toml: Loader, url: str) -> None:
    shown = from_toml(f"[store]\nurl = '{url}'\n").shown()["store.url"]["value"]
    assert "s3c" not in shown and "ret" not in shown
    assert shown.startswith("postgresql://") and "db.example.com/feedd" in shown


@pytest.mark.parametrize("line", ["url = postgresql://feedd:s3cret@db/feedd", "password = s3cret", '"api.key"=s3cret'])
def test_a_line_that_is_no_toml_is_repeated_without_its_password(from_toml: Loader, line: str) -> None:
    told = sentence(lambda: from_toml(f"[store]\n{line}\n"))
    assert "line 2" in told and "***" in told and "s3cret" not in told


def test_a_password_under_a_wrong_name_is_never_repeated(from_toml: Loader) -> None:
    assert sentence(lambda: from_toml("", FEEDD_MAIL__PASSWORD="s3cret")) == (
        "FEEDD_MAIL__PASSWORD is '***'; no such key is known, perhaps FEEDD_MAIL__PASSWORD_FILE is meant."
    )
    assert "s3cret" not in sentence(lambda: from_toml("[smtp]\npassword = 's3cret'\n"))
    assert "s3cret" not in sentence(lambda: from_toml("[store]\naddress = 'postgresql://me:s3cret@host/db'\n"))


def test_every_key_has_a_wish(tmp_path: Path) -> None:
    for name in config_module._NAMES:
        wish = config_module._field(*name.split(".")).description or ""
        assert wish.split()[0] in ("give", "write"), name
        assert not wish.endswith("."), name


# ── What follows from other keys ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("base_url", "sender"),
    [
        ("https://news.example.com/ir", "feedd@news.example.com"),
        ("http://127.0.0.1:8080", "feedd@localhost.localdomain"),
        ("http://[::1]:8080", "feedd@localhost.localdomain"),
        ("http://localhost", "feedd@localhost.localdomain"),
        ("http://10.0.0.7", "feedd@localhost.localdomain"),
    ],
)
def test_the_sender_follows_the_site(from_toml: Loader, base_url: str, sender: str) -> None:
    assert from_toml(f"[site]\nbase_url = '{base_url}'\n").mail.sender == sender


@pytest.mark.parametrize(
    ("mail", "port"),
    [
        ("tls = 'none'", 25),
        ("tls = 'starttls'", 587),
        ("tls = 'tls'", 465),
        ("tls = 'tls'\nport = 2465", 2465),
    ],
)
def test_the_mail_port_follows_the_kind_of_connection(from_toml: Loader, mail: str, port: int) -> None:
    assert from_toml(f"[mail]\n{mail}\n").mail.port == port


def test_the_author_is_the_site_unless_told(from_toml: Loader) -> None:
    assert from_toml("[site]\ntitle = 'Northfield'\n").site.author_name == "Northfield"
    assert from_toml("[site]\ntitle = 'Northfield'\nauthor_name = 'Jo'\n").site.author_name == "Jo"


def test_a_password_never_travels_in_the_clear(from_toml: Loader) -> None:
    login = "user = 'feedd'\npassword_file = 'password'\n"
    assert sentence(lambda: from_toml(f"[mail]\nhost = 'mail.example.com'\n{login}")) == (
        "mail.tls is 'none'; give starttls or tls: a password would travel in the clear."
    )
    assert from_toml(f"[mail]\nhost = '127.0.0.1'\n{login}").mail.user == "feedd"
    assert from_toml(f"[mail]\nhost = 'mail.example.com'\ntls = 'tls'\n{login}").mail.user == "feedd"


def test_user_and_password_come_together(from_toml: Loader) -> None:
    assert sentence(lambda: from_toml("[mail]\nuser = 'feedd'\n")).startswith("mail.user is 'feedd'; give mail.pass")
    assert sentence(lambda: from_toml("[mail]\npassword_file = 'p'\n")).endswith("give mail.user too, or take it out.")


def test_files_that_are_put_away_are_no_sign_when_they_go(from_toml: Loader) -> None:
    assert sentence(lambda: from_toml("[watch]\non_delete = 'withdraw'\nafter = 'done'\n")) == (
        "watch.on_delete is 'withdraw'; give keep, or take watch.after out: "
        "files that feedd puts away are no sign of anything when they go."
    )


def test_the_done_folder_is_none_where_files_are_kept(from_toml: Loader) -> None:
    assert from_toml("").watch.done_folder is None
    assert from_toml("[watch]\nafter = 'Keep'\n").watch.done_folder is None
    assert from_toml("[watch]\nafter = 'done'\n").watch.done_folder == "done"


# ── What is wrong ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[serve]\nprot = 9000", "serve.prot is 9000; no such key is known, perhaps serve.port is meant."),
        ("[serv]\nport = 9000", "serv is {'port': 9000}; no such section is known, perhaps serve is meant."),
        ("[site]\nport = 9000", "site.port is 9000; no such key is known, perhaps mail.port is meant."),
        ("[mail]\nsender = 'a@b.c'", "mail.sender is 'a@b.c'; no such key is known"),
        ("[xyzzy]\nplugh = 1", "xyzzy is {'plugh': 1}; no such section is known, take it out."),
        ("serve = 9000", "serve is 9000; write it as a section, [serve], with keys below it."),
        ("port = 9000", "port is 9000; no such key is known, perhaps mail.port is meant."),
    ],
)
def test_an_unknown_name_is_told_with_the_nearest_known_one(from_toml: Loader, text: str, expected: str) -> None:
    assert sentence(lambda: from_toml(text)).startswith(expected)


@pytest.mark.parametrize(
    ("variable", "nearest"),
    [
        ("FEEDD_SERVE__PROT", "FEEDD_SERVE__PORT"),
        ("FEEDD_SERVE_PORT", "FEEDD_SERVE__PORT"),
        ("FEEDD_serve__port", "FEEDD_SERVE__PORT"),
        ("FEEDD_WATCH__FOLDERS", "FEEDD_WATCH__FOLDER"),
    ],
)
def test_an_unknown_variable_is_told_with_the_nearest_known_one(tmp_path: Path, variable: str, nearest: str) -> None:
    assert sentence(lambda: from_environment(tmp_path, **{variable: "x"})) == (
        f"{variable} is 'x'; no such key is known, perhaps {nearest} is meant."
    )


@pytest.mark.parametrize(
    "name",
    [
        "mail.bounce_domain",
        "mail.dkim_key_file",
        "mail.dkim_selector",
        "mail.allow_list",
        "mail.rate",
        "serve.desk",
        "websub.hub",
    ],
)
def test_a_key_that_does_not_act_yet_is_refused(from_toml: Loader, name: str) -> None:
    section, key = name.split(".")
    assert sentence(lambda: from_toml(f"[{section}]\n{key} = true\n")) == (
        f"{name} is True; take it out, it is not available in this version."
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("site.title", "''"),
        ("site.title", "5"),
        ("site.title", '"two\\nlines"'),
        ("site.base_url", "'news.example.com'"),
        ("site.base_url", "'ftp://news.example.com'"),
        ("site.base_url", "'https://'"),
        ("site.base_url", "'https://a.example/?x=1'"),
        ("site.base_url", "'https://a.example/?'"),
        ("site.base_url", "'https://a.example/#x'"),
        ("site.base_url", "'https://user:pw@a.example'"),
        ("site.base_url", "'https://a.example:99999'"),
        ("site.base_url", "'https://a.example/../x'"),
        ("site.base_url", "'https://a.example//x'"),
        ("site.base_url", "'https://a b.example'"),
        ("site.base_url", "'https://a.example/a b'"),
        ("site.author_email", "'nobody'"),
        ("site.language", "'english!'"),
        ("site.time_zone", "'Mars/Olympus'"),
        ("site.time_zone", "'America'"),
        ("site.time_zone", "'../../etc/passwd'"),
        ("site.time_zone", "''"),
        ("site.secret_file", "''"),
        ("watch.mode", "'often'"),
        ("watch.rescan_s", "0.5"),
        ("watch.rescan_s", "0"),
        ("watch.rescan_s", "true"),
        ("watch.after", "''"),
        ("watch.after", "'/srv/done'"),
        ("watch.after", "'../done'"),
        ("watch.after", "'done/'"),
        ("watch.after", "'Withdrawn'"),
        ("watch.after", "'embargo/done'"),
        ("watch.after", "true"),
        ("watch.canary", "'sometimes'"),
        ("watch.on_delete", "'remove'"),
        ("watch.settle_s", "'soon'"),
        ("watch.settle_s", "nan"),
        ("watch.settle_s", "inf"),
        ("store.url", "'feedd.db'"),
        ("store.url", "'sqlite://'"),
        ("store.url", "'sqlite:///:memory:'"),
        ("store.url", "'mysql://h/d'"),
        ("out.window", "0"),
        ("out.window", "2.5"),
        ("out.originals", "['exe']"),
        ("out.originals", "3"),
        ("out.templates", "'nowhere'"),
        ("classify.review_below", "1.5"),
        ("classify.review_below", "'low'"),
        ("classify.review_below", "true"),
        ("classify.publish_unsure", "'maybe'"),
        ("notify.max_age", "3"),
        ("notify.max_age", "'3'"),
        ("notify.max_age", "'three days'"),
        ("notify.max_age", "'9999999999 weeks'"),
        ("notify.digest_hour", "'24:00'"),
        ("notify.digest_hour", "630"),
        ("notify.digest_hour", "06:30:15"),
        ("notify.alerts_per_hour", "0"),
        ("mail.transport", "'pigeon'"),
        ("mail.host", "''"),
        ("mail.host", "'a b'"),
        ("mail.port", "0"),
        ("mail.port", "70000"),
        ("mail.tls", "'ssl'"),
        ("mail.from", "'nobody'"),
        ("mail.from", "'a@b.example, c@d.example'"),
        ("mail.reply_to", "'A <a@b.example>'"),
        ("mail.reply_to", '"a@b.example\\nBcc: c@d.example"'),
        ("mail.on_uncertain", "'guess'"),
        ("serve.port", "'high'"),
        ("serve.port", "true"),
        ("serve.host", "'http://x'"),
    ],
)
def test_a_wrong_value_is_told_with_name_value_and_wish(from_toml: Loader, name: str, value: str) -> None:
    section, key = name.split(".")
    with pytest.raises(ConfigError) as caught:
        from_toml(f"[{section}]\n{key} = {value}\n")
    assert caught.value.key == name
    assert caught.value.wish == config_module._field(section, key).description
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("site.base_url", "'HTTPS://News.Example.com/'", "https://news.example.com"),
        ("site.base_url", "'https://example.com/ir/news/'", "https://example.com/ir/news"),
        ("site.base_url", "'http://[::1]:8080'", "http://[::1]:8080"),
        ("site.language", "'fr-CA'", "fr-CA"),
        ("site.time_zone", "'America/Toronto'", "America/Toronto"),
        ("site.imprint", "'''Main Street 1\nNorthfield'''", "Main Street 1\nNorthfield"),
        ("watch.rescan_s", "1", 1.0),
        ("watch.after", "'done/2026'", "done/2026"),
        ("watch.on_delete", "'withdraw'", "withdraw"),
        ("watch.canary", "true", True),
        ("notify.digest_hour", "06:30:00", dt.time(6, 30)),
        ("notify.max_age", "'2 weeks'", dt.timedelta(weeks=2)),
        ("notify.max_age", "'1 day'", dt.timedelta(days=1)),
        ("classify.review_below", "0", 0.0),
        ("out.originals", "[]", ()),
        ("watch.folder", "'/srv/in'", Path("/srv/in")),
        ("store.url", "'sqlite:////srv/feedd.db'", "sqlite:////srv/feedd.db"),
    ],
)
def test_a_right_value_is_taken(from_toml: Loader, name: str, value: str, expected: object) -> None:
    section, key = name.split(".")
    assert getattr(getattr(from_toml(f"[{section}]\n{key} = {value}\n"), section), key) == expected


def test_a_wrong_value_of_a_variable_is_told_under_its_name(tmp_path: Path) -> None:
    assert sentence(lambda: from_environment(tmp_path, FEEDD_SERVE__PORT="high")) == (
        "FEEDD_SERVE__PORT is 'high'; give a whole number from 1 to 65535."
    )


@pytest.mark.parametrize(
    ("text", "line", "shown"),
    [
        ("[serve]\nport = \n", 2, "port = "),
        ("[site]\n\ntitle = 'open\n", 3, "title = 'open"),
        ("x", 1, "x"),
        ("[serve]\nport = 1\nport = 2\n", 3, "port = 2"),
    ],
)
def test_broken_toml_is_told_with_file_and_line(
    from_toml: Loader, tmp_path: Path, text: str, line: int, shown: str
) -> None:
    told = sentence(lambda: from_toml(text))
    assert told.startswith(f"{tmp_path}/feedd.toml, line {line}, is {shown!r}; write it as TOML (")


def test_a_file_in_another_encoding_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "feedd.toml").write_bytes("[site]\ntitle = 'Société'\n".encode("cp1252"))
    assert "line 2, is" in sentence(lambda: from_environment(tmp_path))
    assert sentence(lambda: from_environment(tmp_path)).endswith("; save the file as UTF-8.")


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / "feedd.toml").write_bytes(b"\xef\xbb\xbf[serve]\nport = 9000\n")
    assert from_environment(tmp_path).serve.port == 9000
