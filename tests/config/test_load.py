"""Reading `config.toml`: every mistake gives one line that says where, what and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from worker.config.load import load_config
from worker.config.schema import AtomChannel, EmailChannel, FilesChannel, WebhookChannel
from worker.errors import ConfigError

_SOURCE = """[[sources]]
id = "ministerium"
listing = "https://presse.test/liste"
"""
_EMAIL = """[[channels]]
id = "redaktion"
kind = "email"
to = ["redaktion@presse.test"]
sender = "wacht@presse.test"
smtp_host = "mail.presse.test"
"""


def _write(folder: Path, text: str) -> Path:
    path = folder / "config.toml"
    path.write_text(text, encoding="utf-8")
    return path


def _problems(folder: Path, text: str) -> list[str]:
    """What is wrong with a configuration, without the folder."""
    path = _write(folder, text)
    with pytest.raises(ConfigError) as caught:
        load_config(path)
    assert caught.value.exit_code == 2
    assert all("\n" not in problem for problem in caught.value.problems)
    assert str(caught.value) == "\n".join(caught.value.problems)
    return [problem.replace(f"{folder}/", "") for problem in caught.value.problems]


def test_the_repositorys_own_file_loads() -> None:
    """The shipped example is right, and points at the ministry."""
    config = load_config(Path(__file__).parents[2] / "config.toml")

    assert config.sources[0].id == "bw-sozialministerium"
    assert isinstance(config.channels[0], FilesChannel)


def test_everything_but_a_source_has_a_default(tmp_path: Path) -> None:
    """The embedded defaults: a store and a folder of digests beside the file."""
    config = load_config(_write(tmp_path, _SOURCE))

    assert config.store.path == tmp_path / "var/monitor.db"
    (channel,) = config.channels
    assert isinstance(channel, FilesChannel)
    assert channel.path == tmp_path / "var/digests"
    assert (config.schedule.timezone, config.http.respect_robots) == ("Europe/Berlin", True)


def test_relative_paths_are_taken_from_the_files_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the working directory is; absolute ones and `~` stay what they are."""
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/config.toml").write_text(
        _SOURCE
        + _EMAIL
        + 'smtp_user = "wacht"\nsmtp_password_file = "secret"\nsmtp_ca_file = "~/ca.pem"\n'
        + '[[channels]]\nid = "atom"\nkind = "atom"\npath = "/srv/a.atom"\n'
        + '[store]\npath = "../m.db"\n',
        encoding="utf-8",
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", "/home/wacht")

    config = load_config(Path("etc/config.toml"))

    email, atom = config.channels
    assert isinstance(email, EmailChannel)
    assert isinstance(atom, AtomChannel)
    assert config.store.path == tmp_path / "etc/../m.db"
    assert email.smtp_password_file == tmp_path / "etc/secret"
    assert email.smtp_ca_file == Path("/home/wacht/ca.pem")
    assert atom.path == Path("/srv/a.atom")


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    """Editors on Windows write one."""
    path = tmp_path / "config.toml"
    path.write_bytes(b"\xef\xbb\xbf" + _SOURCE.replace("\n", "\r\n").encode())

    assert load_config(path).sources[0].id == "ministerium"


def test_a_file_in_another_encoding_says_so(tmp_path: Path) -> None:
    """Latin-1 is named with its first byte, and what to do."""
    path = tmp_path / "config.toml"
    path.write_bytes(b"# Pr\xfcfung\n")

    with pytest.raises(ConfigError, match=r"not UTF-8 text \(byte 4\); save it as UTF-8"):
        load_config(path)


def test_a_missing_file_says_how_to_make_one(tmp_path: Path) -> None:
    """The path, and both ways out."""
    with pytest.raises(
        ConfigError, match=r"keine\.toml: there is no such file; .*pressewacht init.*--config"
    ):
        load_config(tmp_path / "keine.toml")


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    """One line, not a traceback."""
    with pytest.raises(ConfigError, match="cannot be read: Is a directory"):
        load_config(tmp_path)


@pytest.mark.parametrize("text", ["id = \n", "[[sources]\n", 'x = "a\n', "a = 1\na = 2\n"])
def test_broken_toml_is_named_with_its_line(tmp_path: Path, text: str) -> None:
    """The parser's own words, behind file and line."""
    (problem,) = _problems(tmp_path, "# eins\n" + text)

    assert problem.startswith(("config.toml:2: not valid TOML", "config.toml:3: not valid TOML"))


def test_brackets_without_end_are_broken_toml(tmp_path: Path) -> None:
    """A file that would exhaust the parser's stack is one line as well."""
    (problem,) = _problems(tmp_path, "a = " + "[" * 20_000)

    assert problem.startswith("config.toml")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (_SOURCE + 'listng = "x"\n', '4: sources.0.listng: unknown key; did you mean "listing"?'),
        (_SOURCE + "[htp]\n", '4: htp: unknown key; did you mean "http"?'),
        (
            _SOURCE + "[http]\ntimeout = 5\n",
            '5: http.timeout: unknown key; did you mean "timeout_seconds"?',
        ),
        (
            _SOURCE + "http.timeout = 5\n".replace("http", "[x]\nhttp"),
            "4: x: unknown key; known here: ",
        ),
        (
            _SOURCE + '[sources.selectors]\ntitel = "h3"\n',
            '5: sources.0.selectors.titel: unknown key; did you mean "title"?',
        ),
        ("[[sources]]\nid = 'a'\n", "1: sources.0.listing: this key is required"),
        (
            _SOURCE + "[http]\ntimeout_seconds = 0\n",
            "5: http.timeout_seconds: should be greater than 0, got 0",
        ),
        (_SOURCE + '[schedule]\npoll = "täglich"\n', "5: schedule.poll: expected five cron fields"),
        (_SOURCE + '[schedule]\npoll = "0 0 31 2 *"\n', "5: schedule.poll: there is no such day"),
        (_SOURCE + '[schedule]\ntimezone = "Mars"\n', "5: schedule.timezone: expected an IANA time"),
        (
            _SOURCE.replace("https", "ftp"),
            "3: sources.0.listing: expected an http:// or https:// address, got 'ftp://",
        ),
        (_SOURCE.replace("presse.test", "presse.test:99999"), "3: sources.0.listing: Port out of"),
        (_SOURCE + 'hosts = [\n  "https://a.test/x",\n]\n', "4: sources.0.hosts.0: expected a host"),
        (_SOURCE + 'topics = ["sport"]\n', "4: sources.0.topics: topic 'sport' is neither built in"),
        (_SOURCE + _SOURCE, " source id 'ministerium' is used twice"),
        (_SOURCE + _EMAIL.replace('kind = "email"\n', ""), '4: channels.0: the key "kind" is required'),
        (
            _SOURCE + _EMAIL.replace('"email"', '"emial"'),
            "4: channels.0: there is no kind 'emial'; did you mean \"email\"?",
        ),
        (
            _SOURCE + _EMAIL + "smpt_port = 25\n",
            '10: channels.0.smpt_port: unknown key; did you mean "smtp_port"?',
        ),
        (_SOURCE + _EMAIL + "smtp_port = 0\n", "10: channels.0.smtp_port: should be greater than"),
        (_SOURCE + _EMAIL.replace("sender =", "# "), "4: channels.0.sender: this key is required"),
        (_SOURCE + _EMAIL.replace('["redaktion@presse.test"]', "[]"), "7: channels.0.to: "),
        (_SOURCE + _EMAIL.replace("redaktion@", ""), "7: channels.0.to.0: "),
        (_SOURCE + _EMAIL + 'smtp_user = "x"\n', "4: channels.0: smtp_user needs smtp_password_env"),
        (_SOURCE + '[[channels]]\nid = "c"\nkind = "webhook"\n', "4: channels.0: give exactly one of url"),
        (_SOURCE + '[[channels]]\nid = "c"\nkind = "atom"\n', "4: channels.0.path: this key is required"),
        (_SOURCE + '[[channels]]\nid = "c"\nkind = "files"\nfoo = 1\n', "7: channels.0.foo: unknown key"),
        (
            _SOURCE + _EMAIL + 'sources = ["ministerum"]\n',
            "10: channels.0.sources: there is no source 'ministerum'; did you mean \"ministerium\"?",
        ),
        (
            _SOURCE + "[sources.expect]\nmin_item = 5\n",
            '5: sources.0.expect.min_item: unknown key; did you mean "min_items"?',
        ),
        (
            _SOURCE + _EMAIL + '[alerts]\nchannels = ["redaktio"]\n',
            "11: alerts.channels: there is no channel 'redaktio'; did you mean \"redaktion\"?",
        ),
        (
            _SOURCE + '[[channels]]\nid="c"\nkind="atom"\npath="a"\n[alerts]\nchannels = ["c"]\n',
            "9: alerts.channels: 'c' is an Atom file, which cannot carry alerts",
        ),
        (_SOURCE + "[topics.leer]\n", "4: topics.leer: [topics.leer] has no words"),
        (
            _SOURCE + '[[topics.integration.context]]\nwords = ["a"]\nwight = 1\n',
            '6: topics.integration.context.0.wight: unknown key; did you mean "weight"?',
        ),
        ("sources = []\n", ""),
        ("", " sources: this key is required"),
    ],
)
def test_each_mistake_has_its_line(tmp_path: Path, text: str, expected: str) -> None:
    """File, line, key, what was expected, and what may have been meant."""
    problems = _problems(tmp_path, text)

    assert len(problems) == 1
    assert problems[0].startswith(f"config.toml:{expected}")


def test_all_mistakes_are_named_at_once(tmp_path: Path) -> None:
    """Nobody has to run it five times to find five mistakes; each is at its own line."""
    text = (
        '[http]\ntimout_seconds = 1\nmax_body_bytes = 1\n[[sources]]\nid = "A B"\n'
        '[[sources]]\nid = "b"\nlisting = "x"\n[[channels]]\nid = "c"\nkind = "mail"\n'
    )

    problems = _problems(tmp_path, text)

    assert [problem.split(": ")[:2] for problem in problems] == [
        ["config.toml:3", "http.max_body_bytes"],
        ["config.toml:2", "http.timout_seconds"],
        ["config.toml:5", "sources.0.id"],
        ["config.toml:4", "sources.0.listing"],
        ["config.toml:8", "sources.1.listing"],
        ["config.toml:9", "channels.0"],
    ]


@pytest.mark.parametrize(
    "line",
    [
        'smtp_password = "geheim"',
        'smtp_password_env = "ge heim"',
        "smtp_password_env = 'p4$$geheim'",
        'password = "geheim"',
        'secret = "geheim"',
        'unsubscribe_url = "geheim"',
        'unsubscribe_url = "https://user:geheim@presse.test/"',
    ],
)
def test_no_secret_is_ever_quoted(tmp_path: Path, line: str) -> None:
    """Also not one written into the wrong key, or into an address."""
    assert not any("geheim" in problem for problem in _problems(tmp_path, _SOURCE + _EMAIL + line + "\n"))


@pytest.mark.parametrize(
    "line",
    ['url = "hooks.test/geheim"', 'url_env = "https://hooks.test/geheim"', 'url = "https://u:geheim@a.test"'],
)
def test_no_webhook_address_is_ever_quoted(tmp_path: Path, line: str) -> None:
    """It is as good as a password: who knows it can post."""
    channel = f'[[channels]]\nid = "c"\nkind = "webhook"\n{line}\n'

    assert not any("geheim" in problem for problem in _problems(tmp_path, _SOURCE + channel))


def test_every_kind_of_channel_is_read(tmp_path: Path) -> None:
    """The four of them, in one file, in its order."""
    text = _SOURCE + _EMAIL + (
        '[[channels]]\nid = "chat"\nkind = "webhook"\nurl_env = "HOOK"\n'
        '[[channels]]\nid = "archiv"\nkind = "files"\n'
        '[[channels]]\nid = "atom"\nkind = "atom"\npath = "a.atom"\n'
    )  # fmt: skip

    config = load_config(_write(tmp_path, text))

    assert [type(channel) for channel in config.channels] == [
        EmailChannel,
        WebhookChannel,
        FilesChannel,
        AtomChannel,
    ]
    assert config.channel("chat") is config.channels[1]
    assert config.source("nirgends") is None


def test_a_password_in_clear_needs_this_machine(tmp_path: Path) -> None:
    """`smtp_security = "none"` with a login is allowed on loopback only."""
    login = 'smtp_user = "x"\nsmtp_password_env = "P"\nsmtp_security = "none"\n'

    (problem,) = _problems(tmp_path, _SOURCE + _EMAIL + login)
    assert "would send the password in clear" in problem
    local = _EMAIL.replace("mail.presse.test", "localhost")
    assert load_config(_write(tmp_path, _SOURCE + local + login)).channel("redaktion") is not None


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("www.Presse.test", "presse.test"),
        ("presse.test:443", "presse.test"),
        ("presse.test:8443", "presse.test:8443"),
        ("[::1]:80", "[::1]:80"),
    ],
)
def test_hosts_are_compared_as_the_fetcher_does(tmp_path: Path, given: str, meant: str) -> None:
    """Case, `www.` and the port of https make no difference."""
    assert load_config(_write(tmp_path, _SOURCE + f'hosts = ["{given}"]\n')).sources[0].hosts == (meant,)
