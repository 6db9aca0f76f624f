"""Words around direct speech, as lists a person can extend. Floor 1.

Who says something is decided in `speech`; here is what German says it with. Each list holds words in
lower case as they stand in a text.
"""

from __future__ import annotations

from worker.text import words

# Verbs that say by themselves that somebody speaks; of others a person must be the subject.
SAY = frozenset(
    words(
        """
        sagt sagte sagten sagen erklärt erklärte erklärten betont betonte betonten unterstrich unterstreicht
        ergänzt ergänzte ergänzten erläutert erläuterte meint meinte meinten berichtet berichtete
        berichteten bekräftigte bekräftigt lobte lobt kritisierte kritisiert forderte fordert forderten
        appellierte appelliert warnte warnt warnten mahnte mahnt bilanzierte bilanziert resümierte
        resümiert äußerte äußert kommentierte kommentiert verdeutlichte verdeutlicht würdigte würdigt
        versicherte versichert kündigte kündigt teilte teilt schilderte schildert urteilte urteilt
        verkündete verkündet konstatierte konstatiert begründete begründet schrieb schreibt antwortete
        antwortet fragte fragt erzählte erzählt bestätigte bestätigt plädierte plädiert argumentierte
        argumentiert verlangte verlangt bedauerte bedauert monierte moniert rief ruft bat bittet fügte
        führte gesagt erklären hob stellte begrüßte begrüßt dankte dankt zitierte entgegnete erwiderte
        erinnerte verwies freute zeigte unterstrichen meldete sprach
        """
    )
)
# What follows a quotation and is no verb: «„Was dich bewegt“, der neue Podcast».
NO_VERB = frozenset(
    words(
        """
        der die das den dem des ein eine einen einem einer eines und oder aber sondern denn dass daß ob als
        wenn weil damit um mit von vom zu zum zur in im an am auf aus bei beim für gegen nach vor über unter
        durch ohne bis seit während sowie welche welcher welches deren dessen was wer wo dort hier auch nur
        noch schon also etwa lautet lautete steht stand heißen lauten es sei seien wäre
        """
    )
)
# «„Starke Eltern“, so der Minister, sei ein Erfolg»: the words are a part of what is told.
GOES_ON_TELLING = frozenset(
    words(
        """
        sei seien habe hätte hätten werde würde würden könne könnte müsse müsste solle sollte dürfe wolle
        gelte ist sind war waren wird werden hat haben soll sollen muss müssen kann können bleibe
        brauche gehe komme
        """
    )
)
THINGS = tuple(
    words(
        """
        motto titel name namen leitsatz leitspruch leitgedanke slogan thema themen ziel ziele programm
        programme projekt projekte beschluss text wortlaut überschrift devise claim schwerpunkt
        schwerpunkte maßnahmen punkte kategorie kategorien ausstellung kampagne aufschrift schild tafel banner
        """
    )
)
# What somebody says, without a verb: «Das Fazit der Jury: „».
UTTERANCES = tuple(
    words("fazit bilanz urteil botschaft appell antwort reaktion forderung versprechen kommentar begründung")
)
PREPOSITIONS = frozenset(
    words(
        """
        mit von gegenüber an für über bei durch neben gegen zwischen unter vor nach um auf aus in im am beim
        zum zur vom zu seit ohne trotz wegen laut dank ins ans seitens namens anlässlich angesichts samt als
        """
    )
)
# «Für Ministerin Schopper steht fest: „», «Laut Ministerin Schopper gilt: „».
SPEAKS_FOR = frozenset(words("für laut von"))
DETERMINERS = frozenset(
    words(
        """
        der die das den dem des ein eine einen einem einer eines dieser diese dieses diesen diesem
        ihr ihre ihrem ihren ihrer sein seine seinem seinen seiner unser unsere
        """
    )
)
NOT_NOMINATIVE = frozenset(
    words("des dem den einem einen eines einer diesem diesen ihrem ihren ihrer seinem seinen seiner")
)
# Who hears words does not say them.
HEARS = frozenset(words("hörte hörten hört hören erfuhr erfuhren erfährt bekam bekamen las lasen liest"))
GOES_ON = frozenset(words("und weiter dann außerdem zudem wörtlich sowie auch ferner"))
