"""Words that are not names: ordinary English, and the capitals that belong to a therapist's trade.

What always holds: the lists only decide what is asked about; a word on them that is in a client's dictionary is still
looked for.

The ordinary words are those of models/starter/lexicon.txt and, from the package zxcvbn, the most frequent words of an
encyclopaedia and the words of films and television that are more frequent there than as a first name, a surname or a
word of the encyclopaedia.
"""

from functools import cache

from notekeeper.config import resource

WEEKDAYS = frozenset(
    "fri friday fridays mon monday mondays sat saturday saturdays sun sunday sundays thu thur thurs thursday "
    "thursdays tue tues tuesday tuesdays wed wednesday wednesdays weds".split()
)
ACRONYMS = frozenset(
    # Measures, methods, diagnoses, roles and the shorthand of notes: capitals that name nobody.
    "ab abc abcs abs ac acc ace aces act ad adhd adl adls aedp ai all always am an and any ap aq as asap "
    "asc asd aspd asq asrs at attend attends ax ba bd bdd bdi be bed bfrb bible bls bmi bn bp bpd btw but bw by "
    "ca can cat cats cbd cbt cc cf cfs cft chat ci cl cls cmht cop copd core covid cpd cpn cpr cpt cptsd crisis "
    "ct cto cv cvd dap das dbt dc dd ddp des dic did dit dna dnaed dob dp dpdr ds dsh dsm dv dvd dx eap ecg "
    "ecgs ect ed edeq edq eft ei em emdr emw ep epds erp esa est eta etc etoh eupd fac fh fhx fit fm fnd for ft "
    "fu fyi gad gcse ggt gi gp gps gsh hads hai hbt hcp he her hi him his hit hiv hotspot hourly how hoy hp hq "
    "hrs hrt hse hv hw hx iba icd icu id ids idva ies if ifs in intl iou ipt ipv iq is isi it ivf k10 kw lac ld "
    "lgbt lgbtq lol ls lt ma maoi mba mbct mbt mc md mdd mdma mdt me mgr mh mi mins ml mnd mo more most mot mp "
    "mri ms msc mse msg msgs mtg mum mums na nb nd ndd neet never nhs nil nlp no nos not now nrem nrt nsh nsi nt "
    "nvc nxt ocd oci od odd of oh ok okay on one only op or ot ova own pa pas pc pcl pct pd pdf pdss pe pf pfs "
    "pg pgce pgcert pgdip pgsi ph phd phq pin pip pir plan pmdd pmld pms pnd po poa pp ppd pr pre prn prot ps "
    "psr pswq psych pt ptg ptsd pwp pwps qa qol ra rag rebt rem ri risk rna rx sa sad same sats sb sbs scid "
    "sdq sen senco sess sfbt sh she shx si sib sibs sleep snri so soap some sos spag ssi sspe ssri ssris std "
    "sti stt su sub sud suds sup supv sv svc svn sw swemwbs ta tbc tbh tca tel ten tens tf tfcbt th that thc "
    "the then they this ti tia tib tipp tlc tm tmj tms to tod tog too tsh tst tv two tx ty ug uk us usa uti vb "
    "very vid voc vs wa was wasas wc we wemwbs wfh wgll what whatsapp who why with wk wks wm wrap wsas yboc "
    "ybocs yes ymrs you yp yr yrs ysq zoom".split()
)
TRADE = frozenset(
    # Parts, modes and roles that methods write with a capital.
    "adapted adult allah angry auntie beck bowlby child christian client clients controlling counselling "
    "counsellor critic da dad daddy detached ego exile exiles firefighter firefighters free freud freudian "
    "gestalt god gran grandad grandma grandpa granny he healthy her hers him his i id internet it its jung "
    "jungian klein kleinian lecter ma mam manager managers me mind mine mode modes mom mum mummy my nan nana "
    "nurturing of others parent part parts protector rogerian rogers schema schemas self session sessions she "
    "socratic superego supervision supervisor their them theory therapist therapists they uncle vulnerable we "
    "winnicott winnicottian wise you your".split()
)
HOLIDAYS = frozenset(
    "christmas diwali easter eid halloween hanukkah hogmanay holi lent midsummer navratri passover pentecost "
    "purim ramadan vaisakhi valentine's whitsun xmas".split()
)
NAME_WORDS = frozenset(
    "alma amber angel april art ash autumn barry basil bea bear beau bill billy bird birdie blue bob bobby "
    "brook brooke bud buddy buster carol cash chance charity chase cherry chip christian chuck clay cliff "
    "clover comfort constance coral crystal daisy dale dawn dean dee del dell destiny diamond dick dolly don "
    "dot drew duke earl eddy eve faith fay fern flora forest fox frank garnet gene gill ginger glen glory grace "
    "grant gray guy hank harmony harry hazel heath heather herb holly honey honor hope hunter iris ivy jack "
    "jade jasmine jay jean jersey jewel jo jolly joy june juniper justice king kit kitty lance lark laurel lee "
    "lily linden marina mark mason maud may melody mercy merry mike miles mo myrtle nat neil nick noble norm "
    "olive opal pansy pat patience patty paul pearl peg penny perry pet peter piers pip pippin poppy precious "
    "prince prudence queenie randy ray red reed rex rich rick ro rob robin rocky rod rose rosemary roy ruby "
    "rusty sal sandy scarlet scout shelley skip sky sol sterling stew stone storm sue summer sunny sunshine "
    "teddy temple terry tiger toby tom trinity trip vi victor violet wade ward warren wendy west will willow "
    "wing winter woody wren".split()
)
"""Ordinary words that are first names or nicknames as well."""
TITLES = frozenset(
    "aunt auntie bishop brother canon captain chief cllr coach colonel constable dame dc dr father fr gran "
    "grandad grandma grandpa granny imam inspector judge lady lord major matron miss mr mrs ms mx nan nana "
    "nanny nurse pastor pc prof professor rabbi rev revd reverend sergeant sgt shaykh sheikh sir sister uncle "
    "warden".split()
)
_NOTES = frozenset(
    # Words of notes and of therapy that the other lists lack.
    "academic aftercare agoraphobic ambivalent antenatal anticipatory antidepressant apptmt arousal "
    "assertiveness attunement avoidant behavioural bereaved bilateral bodyscan bullet caseload catastrophic "
    "checklist circular client clinical cognitive collaborative compassionate conditional containment "
    "contraception coparenting coping countertransference debrief defusion delusional depersonalisation "
    "derealisation diaphragmatic dietary disengaged disinhibited dissociated dissociation downward downwards "
    "dysphoric dysregulated elation elicited engages enmeshment enquired euthymic existential exposure "
    "flashback flashcard footage formulated formulation fusion grade greyscale grounding guarded handout "
    "headspace homework hotspot hyperarousal hyperventilation hypervigilance hypervigilant imaginal inattentive "
    "initial inquest insomnia interoceptive interpersonal intrusive invoices kinship liaise liaised macular "
    "mandatory mentalising metacognitive mindfulness misophonia motivational narrative neurodivergent nonverbal "
    "normalised normalising numbing ongoing orienting outpatient overwhelm palliative panic paradoxical "
    "pendulation perfectionism perfectionist perimenopausal perimenopause perinatal postnatal precontemplation "
    "prescriber priming processing psychodynamic psychoed psychoeducation psychosexual reattribution reflective "
    "regulated relapse reparenting rescript rescripting resourcing reviewed ruminating rumination ruminative "
    "rupture safeguarding safety sceptical screenshotted scrupulosity seated sensate sensory signposted somatic "
    "spiral strengthened subjective summarised supervision support systemic tearful theory timeline timelines "
    "tolerating transference trauma triage tricky trigger triggers unprompted unsent unsubscribed urge urges "
    "validation valued values visibly whiteboard workability worksheet yawned year youth".split()
)
_PROPER = frozenset(
    "afghanistan africa african american americans angeles april arab arabic argentina arkansas asia asian "
    "athens atlantic august australia australian austria austrian baltimore bangladesh beijing belgian belgium "
    "birmingham brazilian britain british california cambridge canadian caribbean catholic chile china chinese "
    "christian columbia connecticut cuba czech danish december delhi denmark derby dutch east edinburgh egypt "
    "egyptian england english european february federal fifa finland finnish france french george german "
    "germans germany glasgow greece greek guinea hampshire harvard hebrew hispanic hollywood hungarian hungary "
    "illinois india indian indonesia indonesian iowa iran iranian iraq ireland irish islam islamic israeli "
    "italian italy january japan japanese jersey jerusalem jewish jews john july june kentucky king kong korea "
    "korean lanka latin london los louisiana maine malaysia manhattan march maryland massachusetts may "
    "mediterranean melbourne mexican minnesota mississippi missouri muhammad muslim muslims nazi netherlands "
    "norfolk northern norway norwegian november october ohio oklahoma ontario oregon orleans ottoman pacific "
    "paris pennsylvania persian peru philadelphia philippines pittsburgh poland polish portuguese puerto quebec "
    "queen queensland romania romanian rome russian san scottish september serbia serbian singapore soviet "
    "spain spanish st sweden swedish swiss switzerland taiwan tamil tennessee texas tokyo turkish ukraine "
    "ukrainian united utah vancouver victorian vienna vietnam virginia wales wisconsin york yorkshire zealand".split()
)
_FREQUENT = 2600
"""Of the encyclopaedia's words, so many are taken, proper names left out; further down stand more and more of them."""
_FUNCTION_WORDS = 500
_SPOKEN = 4000
_SUFFIXES = (
    *((suffix, "") for suffix in ("'s", "s", "es", "ed", "ing", "ly", "er", "ers", "est", "ness", "ally", "less")),
    *((suffix, "e") for suffix in ("ed", "ing", "er", "ers", "est")),
    *((suffix, "y") for suffix in ("ies", "ied", "ier", "iest", "ily", "iness")),
)
"""Endings, and what stood in their place."""
_DERIVED = (
    *(
        "tion",
        "tions",
        "sion",
        "sions",
        "ment",
        "ments",
        "ness",
        "ity",
        "ities",
        "ship",
        "ships",
        "hood",
        "able",
        "ible",
    ),
    *(
        "less",
        "ful",
        "ous",
        "ism",
        "ology",
        "ance",
        "ence",
        "ancy",
        "ency",
        "ative",
        "ual",
        "ical",
        "ably",
        "ised",
        "ising",
    ),
)
_DERIVED_FROM = 8
"""A word of so many letters that ends so is made of another word, and is hardly a name."""
_DOUBLING = frozenset({"ed", "ing", "er", "ers", "est"})


@cache
def ordinary() -> frozenset[str]:
    """Ordinary English words in small letters, first names among them left in. Some 20,000."""
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    frequent = frozenset(FREQUENCY_LISTS["english_wikipedia"][:_FREQUENT]) - _PROPER
    return _lexicon() | frozenset(FREQUENCY_LISTS["us_tv_and_film"]) | frequent | _NOTES


@cache
def first_names() -> frozenset[str]:
    """First names in small letters, those that are an ordinary word as well left out. Some 4,000."""
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    return (frozenset(FREQUENCY_LISTS["female_names"]) | frozenset(FREQUENCY_LISTS["male_names"])) - ordinary()


@cache
def is_common(word: str) -> bool:
    """Whether the word, in small letters, is one of the ordinary words that notes are made of."""
    return word in _lexicon()


@cache
def _lexicon() -> frozenset[str]:
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    lexicon = resource("models/starter/lexicon.txt").read_text(encoding="utf-8").split()
    return frozenset(lexicon) | (frozenset(FREQUENCY_LISTS["english_wikipedia"][:_FUNCTION_WORDS]) - _PROPER)


@cache
def is_rare(word: str) -> bool:
    """Whether an ordinary word is one of films and television alone and not among their most frequent: it may as well
    be a character's name."""
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    plain = word.casefold()
    spoken, written = FREQUENCY_LISTS["us_tv_and_film"], FREQUENCY_LISTS["english_wikipedia"][:_FREQUENT]
    return plain in spoken[_SPOKEN:] and plain not in written and not is_common(plain) and plain not in _NOTES


@cache
def is_ordinary(word: str) -> bool:
    """Whether the word, in whatever case, is ordinary English, or a common form of an ordinary word."""
    plain = word.casefold().replace("’", "'")
    known = ordinary()
    if plain in known:
        return True
    if plain in first_names():
        return False
    if "-" in plain:
        first, *rest = plain.split("-")
        return all(is_ordinary(part) for part in rest) and (
            first in {"re", "ex", "co", "non", "un"} or is_ordinary(first)
        )
    for suffix, ending in _SUFFIXES:
        root = plain.removesuffix(suffix)
        if root != plain and len(root) > 2 and root + ending in known:
            return True
        if root != plain and len(root) > 4 and suffix in _DOUBLING and root[-1] == root[-2] and root[:-1] in known:
            return True
    if len(plain) >= _DERIVED_FROM and plain.endswith(_DERIVED):
        return True
    return plain.startswith(("un", "re")) and len(plain) > 5 and plain[2:] in known
