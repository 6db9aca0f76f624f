"""`init`: a commented config.toml after three questions, or from flags. Floor 4."""

from __future__ import annotations

import json
import re
import unicodedata
from pathlib import Path

import click

from worker.bundled import bundled
from worker.cli.options import Options
from worker.config.load import load_config
from worker.errors import ConfigError, UsageError

_ASCII = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", '"': None, "\\": None})


@click.command("init")
@click.option("--listing", help="The press listing to watch (default: Sozialministerium Baden-Württemberg).")
@click.option("--email", help="Who gets the digests by e-mail; without it they go into a folder.")
@click.option("--contact", help="How a press office can reach you: an address or a web page.")
@click.option("--force", is_flag=True, help="Write over a file that exists.")
@click.pass_context
def init_command(
    ctx: click.Context, listing: str | None, email: str | None, contact: str | None, force: bool
) -> None:
    """Write the configuration named by --config (default ./config.toml) and check it."""
    options: Options = ctx.obj
    path = options.config_path
    if path.exists() and not force:
        raise UsageError(f"{path}: exists already; --force writes over it")
    asked = listing is None and email is None and contact is None
    text = bundled("config.toml").read_text(encoding="utf-8")
    if asked:
        listing = click.prompt("Press listing to watch", default=_shipped_listing(text))
        email = click.prompt("Digests by e-mail to (empty: into a folder)", default="", show_default=False)
        contact = click.prompt("Your contact for the press office", default="", show_default=False)
    _write_checked(path, _filled(text, listing, email, contact))
    click.echo(f"{path}: written and checked. Next: `pressewacht check --online`, then `pressewacht run`")


def _shipped_listing(text: str) -> str:
    match = re.search(r'^listing = "([^"]+)"', text, re.MULTILINE)
    assert match is not None, "the shipped configuration names a listing"
    return match[1]


def _filled(text: str, listing: str | None, email: str | None, contact: str | None) -> str:
    """The shipped configuration with the answers in their places, its comments kept."""
    if listing and listing != _shipped_listing(text):
        text = text.replace(_shipped_listing(text), listing, 1)
        text = text.replace("bw-sozialministerium", "ministerium")
        text = re.sub(
            r'^name = "Ministerium [^"]*"$', 'name = "Ministerium"', text, count=1, flags=re.MULTILINE
        )
        text = re.sub(r"^(hosts|page_param) = ", r"# \1 = ", text, count=2, flags=re.MULTILINE)
    if contact:
        text = text.replace("please name a contact here", _header_words(contact))
    return _with_email(text, email) if email else text


def _with_email(text: str, email: str) -> str:
    """The e-mail channel switched on, for a mail server on this machine."""
    start = text.index('# [[channels]]\n# id = "redaktion"')
    end = text.index("\n\n", start)
    block = text[start:end].replace("# ", "", 1).replace("\n# ", "\n")
    readers = [one.strip() for one in email.split(",") if one.strip()]
    block = block.replace('["redaktion@example.org"]', json.dumps(readers))
    block = block.replace('sender = "pressewacht@example.org"', f"sender = {json.dumps(readers[0])}")
    local = {"smtp_host": '"localhost"', "smtp_port": "25", "smtp_security": '"none"'}
    for key, value in local.items():
        block = re.sub(rf"^{key} = \S+", f"{key} = {value}", block, flags=re.MULTILINE)
    block = re.sub(
        r"^(smtp_user|smtp_password_env|unsubscribe_url) = ", r"# \1 = ", block, flags=re.MULTILINE
    )
    return text[:start] + block + text[end:]


def _header_words(contact: str) -> str:
    """A contact as a request header can carry it: ASCII, umlauts spelt out."""
    spelt = contact.translate(_ASCII)
    return unicodedata.normalize("NFKD", spelt).encode("ascii", "ignore").decode()


def _write_checked(path: Path, text: str) -> None:
    """Write the configuration under its name only if it is right."""
    draft = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft.write_text(text, encoding="utf-8")
        load_config(draft)
        draft.replace(path)
    except ConfigError as error:
        problems = "\n".join(error.problems).replace(str(draft), str(path))
        raise UsageError(f"{problems}\nnothing was written") from None
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}; choose a path this user can write to") from None
    finally:
        draft.unlink(missing_ok=True)
