"""Lines that belong to a page and not to its release, as lists a person can extend. Floor 1.

Each list becomes one pattern for a whole line. They come from renderings of the BW portal (2012 to
2026) and from pages of other ministries and authorities; what a line means is decided elsewhere.
"""

from __future__ import annotations

import re

from worker.reading.vocabulary import lines

READING_TIME = lines(
    r"(?:berechne )?lesezeit(?::? ?(?:ca\. ?)?\d+ (?:min\.?|minuten?))?",
    r"(?:ca\. )?\d+ (?:min\.?|minuten?) lesezeit|(?:ca\. )?\d{1,2} min\.?",
    r"lesedauer:?.{0,20}",
)

# Reading time, share lines, controls, script residue: at most one short line each.
FURNITURE = lines(
    READING_TIME.pattern,
    r"(?:seite |artikel |beitrag |diese seite |auf \w+ )?(?:teilen|drucken|ausdrucken|merken)",
    r"(?:seite |artikel |beitrag )?(?:weiterempfehlen|vorlesen|empfehlen|anhören)(?: lassen)?",
    r"teilen auf.{0,30}",
    r"per e-?mail (?:teilen|senden)|share|tweet|twittern|mailen|e-mail|facebook|twitter|x|whatsapp|linkedin",
    r"xing",
    r"instagram|threema|telegram|mastodon|bluesky|youtube|pinterest|rss(?:-feed)?|jetzt teilen.{0,20}",
    r"//(?: ?//)*|zurück(?: zur.{0,40})?|(?:nach|seite nach) oben|(?:zum )?seitenanfang|back to top",
    r"weiterlesen",
    r"\W*mehr\W*|mehr (?:erfahren|lesen)|link (?:kopieren|kopiert.?)|kopieren|schließen|öffnen|druckversion",
    r"(?:vorherige|nächste)[rs]?|(?:bild )?vergrößern|zoom|galerie öffnen|download|herunterladen|vollbild",
    r"sie sind hier:?|startseite|hauptinhalt|inhalt|pfadnavigation|menü",
    r"(?:direkt |weiter |springe(?:n sie)? )?zu[mr] (?:(?:haupt|seiten)?inhalt|"
    r"(?:haupt)?navigation|suche|fußzeile)(?: springen| wechseln)?",
    r"suche|navigation|(?:bild )?\d{1,2} ?(?:/|von) ?\d{1,2}|[-–—_*·•|/\\ ]+|anzeige|werbung|\d+ sterne?",
    r"inhalt teilen|diesen (?:artikel|beitrag|inhalt) (?:teilen|empfehlen).{0,20}|auf .{0,12} teilen",
    r"(?:möchten|wollen) sie .{0,40}teilen\?|der artikel gefällt.{0,30}|mit freunden teilen",
    r"drucken und teilen",
    r"(?:war|ist) (?:dieser?|die|der) (?:artikel|beitrag|seite|information) (?:nützlich|hilfreich).{0,60}",
    r"(?:artikel|bild)-?informationen|bildunterschrift(?: anzeigen)?",
    r"diese seite (?:drucken|empfehlen|teilen).{0,20}",
    r"autor(?:in|en)?:.{2,80}|ansprech(?:partner(?:/?in)?|person):.{2,80}|original-content von:.{0,80}",
    r"erstellt am:?.{0,60}",
    r"zuletzt (?:aktualisiert|geändert).{0,40}|\d+ aufrufe|bewertung:.{0,40}",
    r"gebärdensprache|leichte sprache|video abspielen|hinweis: wenn sie dieses video.{0,60}|beitrag #?\d+",
    r".{0,20}kommentare? (?:deaktiviert|geschlossen).{0,40}|(?:schlag|stich)(?:worte?|wörter):?.{0,80}",
    r"tags?:.{0,60}",
    r"markiert:.{0,60}",
    # The lines of the sender at the foot of a release.
    r"(?:herausgeber(?:in)?|herausgegeben von|verantwortlich(?: \(?i\. ?s\. ?d\. ?p\.\)?)?"
    r"|v\. ?i\. ?s\. ?d\. ?p\.|redaktion|(?:medien|presse)(?:beauftragte[r]?|sprecher(?:in)?)) ?:.{2,70}",
    r"achtung,? redaktionen\W*|sperrfrist ?:.{0,60}|\W*es gilt das gesprochene wort\W*",
    # Offers to the reader.
    r"read (?:this|in) .{3,40}|(?:zur )?(?:englische|deutsche)n? (?:version|fassung)",
    r"diese (?:presse)?(?:meldung|mitteilung|information|seite) (?:gibt es|ist|steht) auch .{3,40}",
    r"sie (?:möchten|wollen) keine .{3,40} (?:mehr )?erhalten\?.{0,20}",
)

# What kind of page this is: neither topic nor title.
PAGE_LABEL = lines(
    r"(?:presse(?:mitteilung|information|meldung|erklärung|dienst|nachricht)(?:en)?|meldung(?:en)?)"
    r"(?:\s*(?:nr\.?|nummer)?\s*[\d/.\-]+)?",
    r"medien(?:information|mitteilung|meldung)(?:en)?(?:\s*(?:nr\.?|nummer)?\s*[\d/.\-]+)?",
    r"nachrichten?|aktuelles|news|artikel|presse(?:bereich|portal)?|newsroom",
    # A number alone («PI 112/2023», «Nr. 187»).
    r"(?:(?:pi|pm|mi|nr|nummer)\.?:? ?)+\d[\d/.-]*(?:[A-Z]{1,5})?|\d[\d/.-]*",
)

# What a house is called in full; a title that begins with it goes on («… mit neuem Haushalt»).
PUBLISHER_NAME = lines(
    r"(?:(?:die|das) )?(?:\w*ministerium|senatsverwaltung|behörde|regierungspräsidium) (?:für|des|der) "
    r"(?:(?!\b(?:mit|in|im|bei|auf|zu|zum|zur|am|an|gegen|über|vor|nach)\b).){3,}"
)
# Lines beside a title that are no topic: the publisher, how long ago it was, labels of numbers.
NO_TOPIC = lines(
    PUBLISHER_NAME.pattern,
    r"(?:(?:der|die) )?(?:senator|minister)(?:in)? (?:für|des|der) .{3,}",
    r"senatskanzlei|staatskanzlei|pressestelle(?: .{3,60})?|presseamt|\w+ministerium",
    r"(?:\w{0,12} ?)?vor \d+ (?:minute|stunde|tag|woche|monat|jahr)\w{0,2}",
    # A place beside the date.
    r"berlin|bonn|bremen|dresden|düsseldorf|erfurt|hamburg|hannover|kiel|magdeburg|mainz|münchen|potsdam"
    r"|saarbrücken|schwerin|stuttgart|wiesbaden",
    r"laufende nummer|(?:ausgabe|erscheinungs|melde)?(?:jahr|datum)|erstveröffentlichung.{0,20}",
)

# Headings over the latest news of a page.
MORE_NEWS = lines(
    r"(?:weitere|aktuelle|neueste|neuste|letzte|die neuesten|mehr|andere|aktuellste) (?:\w+ )?"
    r"(?:(?:presse|medien)?(?:meldungen|nachrichten|mitteilungen)|(?:presse|medien)informationen|news"
    r"|neuigkeiten|berichte)(?: .{0,40})?",
    r"(?:weitere|ähnliche|verwandte|passende|mehr) (?:\w+ )?(?:artikel|beiträge|themen|inhalte|seiten|posts)"
    r"(?: .{0,40})?",
    r"mehr (?:zum thema|aus|zu|über|von|aus der rubrik) .{1,60}|mehr zum thema|zum thema|siehe auch:?",
)

# Labels of the lines under a title, each before a value of its own.
LABEL = re.compile(
    r"(?P<topic>rubrik|thema|kategorie|themenfeld|stichwort|ressort):"
    r"|(?:autor(?:in)?|herausgeber(?:in)?|ort|quelle|datum|nummer|art|stand"
    r"|(?:veröffentlicht|erschienen|erstellt|aktualisiert|zuletzt geändert)(?: am)?):",
    re.I,
)

# Headings after which nothing belongs to the release any more.
END_OF_RELEASE = lines(
    MORE_NEWS.pattern,
    r"(?:das )?könnte (?:sie|dich) auch.{0,30}|das könnte .{0,40}|(?:auch|ebenfalls) interessant.{0,40}",
    r"(?:leser)?kommentare?(?: \(?\d*\)?)?|\d+ kommentare?",
    r"kommentar (?:schreiben|verfassen|hinterlassen).{0,30}",
    r"schreibe einen kommentar.{0,20}|newsletter(?:.{0,40})?|related.{0,30}|lesen sie auch.{0,60}",
    r"(?:meist ?gelesen|top-themen).{0,20}|über den autor.{0,30}|über die autorin.{0,30}",
    r"(?:beitrags|artikel)-?navigation|empfohlene .{0,30}|folgen sie uns.{0,40}|ähnliche produkte",
)

CONTACT = lines(
    r"(?:presse)?kontakt(?:e|daten)?:?|ansprechpartner(?:in|/in|\*in|:in)?(?:nen)?:?|pressestelle:?",
    r"impressum",
    r"pressekontakt.{0,60}|(?:für )?(?:presse|medien)?(?:rück|nach)fragen(?: bitte)?(?: an)?:",
)

POSTCODE = re.compile(r"\d{5} [A-ZÄÖÜ]")

# A line that ends in how to reach somebody, without being a sentence.
REACHED = re.compile(
    r"\b(?:tel|telefon|fax|telefax|durchwahl|mobil|e-?mail)\b\W{0,4}[(+\d]|\b0\d{2,4}[ /-]+\d{2,}[\d -]*$"
    r"|\S+@\S+\.\w+$",
    re.I,
)

# Street or box and number, postcode and town: the sender of a release, not its text.
ADDRESS = re.compile(
    r"(?:stra(?:ß|ss)e|str\.|platz|allee|weg|ring|ufer|damm|gasse|hof|berg|markt|postfach)\s+\d{1,4}\s?[a-z]?\b"
    r"[\s,;|·–-]+(?:D-)?\d{5} [A-ZÄÖÜ]",
    re.I,
)

# Headings over closing links.
LINK_LABEL = lines(
    r"(?:weitere(?:führende)? |mehr |ergänzende )?(?:hintergrund)?(?:informationen|infos)(?: zum thema)?:?",
    r"(?:weitere(?:führende)? |externe )?(?:links?|downloads?|dokumente|materialien)(?: zum thema)?:?",
    r"zum (?:herunterladen|download)|service|anhänge?|anlagen?|mediathek|weiterführendes:?",
)

# What a page is that is no release, by its heading or title.
NO_RELEASE = {
    "an error page": lines(
        r"(?:fehler\W*)?(?:404|403|410|500|502|503)\b.{0,80}|(?:page )?not found.{0,40}|access denied.{0,40}",
        r".{0,40}(?:seite|inhalt|dokument|meldung).{0,25}nicht (?:gefunden|verfügbar|vorhanden).{0,40}",
        r".{0,40}(?:seite|inhalt|dokument).{0,25}(?:existiert nicht|nicht mehr verfügbar).{0,40}",
        r"zugriff verweigert",
        r"fehler(?:seite|meldung)?(?: \d{3})?|es ist ein fehler aufgetreten.{0,40}",
        r"(?:internal )?server error",
        r"oops\W.{0,60}|ups\W.{0,60}|hoppla\W.{0,60}|forbidden|bad gateway|service unavailable|gone",
    ),
    "a maintenance page": lines(
        r"(?:.{0,40}\W)?wartungs(?:arbeiten|modus|seite|hinweis)(?:\W.{0,40})?|wartung|maintenance.{0,40}",
        r".{0,30}(?:wird|werden) (?:derzeit |gerade )?gewartet.{0,30}|.{0,30}under construction.{0,30}",
        r".{0,40}vorübergehend nicht (?:erreichbar|verfügbar).{0,30}",
    ),
    "a login page": lines(
        r"(?:bitte )?(?:anmelden|anmeldung|login|log in|einloggen|registrieren|benutzeranmeldung|sign in)",
        r"(?:login|anmeldung|anmelden)(?: erforderlich| [|–-] .{0,40}|seite)",
        r"(?:login|anmeldung|anmelden) (?:am|beim|zum) .{0,20}(?:system|portal|bereich|konto)",
        r".{0,20}melden sie sich (?:bitte )?an.{0,30}|.{0,20}zugang nur .{0,60}",
    ),
    "a cookie wall": lines(
        r".{0,40}cookies?(?:\W|-|einstellung|hinweis|richtlinie).{0,60}|cookies?",
        r"we value your privacy.{0,20}",
        r".{0,30}(?:privatsphäre|datenschutz)[ -]?einstellungen.{0,40}",
        r"ihre (?:privatsphäre|einwilligung).{0,40}",
    ),
    "a pay wall": lines(
        r"(?:jetzt )?weiter(?:lesen)? mit (?:werbung|.{0,20}abo(?:nnement)?)\b.{0,40}",
        r".{0,40}\bpur-?abo\b.{0,40}",
        r".{0,20}(?:artikel|beitrag|inhalt) (?:ist|nur) .{0,30}(?:abonnent|kostenpflichtig).{0,40}",
    ),
    "a viewer of a file": lines(r"[^\s/]{1,120}\.(?:pdf|docx?|odt|rtf|pptx?|zip)(?:\W.{0,60})?"),
    "a check for robots": lines(
        r"just a moment.{0,40}|.{0,30}captcha.{0,60}|.{0,30}are you (?:a )?(?:human|robot).{0,60}",
        r".{0,30}sind sie ein mensch.{0,60}|.{0,20}security check.{0,40}|attention required.{0,40}",
        r"sicherheits(?:überprüfung|abfrage)(?:\W.{0,40})?|einen moment(?: bitte)?\W*",
    ),
    "a page of the site": lines(
        r"impressum|datenschutz(?:erklärung|hinweise?)?|kontakt(?:formular)?|sitemap",
        r"presse(?:stelle|kontakt|team)|so erreichen sie uns|anfahrt|öffnungszeiten|stellenangebote",
        r"(?:erklärung zur )?barrierefreiheit",
        r"kontakt (?:zur|mit der) (?:presse|medien)\w*|(?:ihre )?ansprechpartner\w*(?: der pressestelle)?",
        r"(?:veranstaltungs?|termin)(?:kalender|übersicht)",
        r"(?:presse)?termin(?:e|hinweise|vorschau) .{0,20}\bwoche\b.{0,40}|wochenvorschau.{0,60}",
        r"(?:veranstaltungen|termine)(?: (?:im|der|des|für) .{3,30})?",
    ),
    "a search result": lines(
        # «Suche nach Wohnraum wird leichter» is a release, «Suche nach: Wohnraum» is not.
        r"(?:ihre )?(?:suche|volltextsuche)(?: nach)?(?:: ?.{0,80}| ?[„\"»].{0,80})?",
        r"(?:such|treffer)(?:ergebnisse?|liste|resultate?).{0,80}",
        r".{0,20}\d+ (?:treffer|suchergebnisse)\b.{0,60}|ergebnisse (?:für|ihrer suche).{0,60}",
        r"search results?.{0,60}",
    ),
}

# How the page about a topic greets its readers.
GREETS_READERS = re.compile(
    r"(?:hier|auf (?:dieser|diesen|unseren) seiten?) (?:finden|erhalten|erfahren) sie\b"
    r"|informieren sie sich\b",
    re.I,
)
# How a letter and a speech begin: neither has a lead.
SALUTATION = re.compile(r"(?:sehr )?(?:geehrter?|verehrter?|liebe[rs]?) [^.!?]{3,150},$", re.I)

# Titles of question and answer pages, and of pages about a person.
QUESTIONS = lines(
    r".{0,60}(?:\bfragen (?:und|&) antworten\b|\bhäufig(?:e|sten?)? (?:gestellte )?fragen\b|\bfaqs?\b).{0,80}"
)
LIFE = lines(
    r"(?:tabellarischer |kurzer )?(?:lebenslauf|werdegang|curriculum vitae|vita|biogra\w+)(?:\W.{0,80})?",
    r".{0,60} [|–-] (?:lebenslauf|vita|biogra\w+)",
    r"(?:zur person|im porträt|über mich)(?: [|–-] .{0,80})?",
)
# How a line of a life begins: «1998–2004: …», «seit 2019 …».
LIFE_LINE = re.compile(r"(?:seit |ab )?(?:\d{1,2}[./]){0,2}(?:19|20)\d\d\b", re.I)

# What an index page is called; a release never is.
INDEX_PAGE = lines(
    r"(?:alle |aktuelle )?(?:presse|medien)?(?:mitteilungen|informationen|meldungen|nachrichten|news)"
    r"(?:archiv)?"
    r"(?: (?:des|der|aus|im) .{0,60})?",
    r"presse|presseportal|pressearchiv|startseite|home|aktuelles|newsroom|(?:herzlich )?willkommen.{0,60}",
)

NEEDS_SCRIPT = lines(
    r".{0,60}browser.{0,20}veraltet.{0,40}|please enable javascript.{0,80}",
    r".{0,60}javascript.{0,30}(?:aktivier|deaktiviert|enable|disabled).{0,80}",
)

# What is never the title of a release: navigation, the site's own headings.
NO_TITLE = lines(
    r"(?:haupt|service|meta|bereichs?|sub|unter)?-?(?:navigation|men[uü])(?: und .*)?|navigation und service",
    r"suche",
    r"inhalt|willkommen|startseite|home|logo|pressemitteilungen|presse|aktuelle?s?|news|meldungen",
    r"medienmitteilungen",
    r"cookie.*|datenschutz.*|footer|header|hauptinhalt|servicebereich|sie sind hier:?",
)

# Alt texts of signs on the page: no pictures of a release.
PAGE_SIGN = lines(
    r"(?:logo\b|icon|pfeil|lupe|bild vergrößern|vergrößern|startseite|link zu|zur startseite|avatar).{0,60}",
    r"symbol|(?:facebook|twitter|instagram|rss)\b.{0,60}",
)

RESULT_COUNT = re.compile(r"[\d.]+\s+(?:ergebnisse|treffer)\b.{0,30}", re.I)
