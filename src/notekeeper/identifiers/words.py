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
    "monday tuesday wednesday thursday friday saturday sunday mondays tuesdays wednesdays thursdays fridays saturdays "
    "sundays mon tue tues wed weds thu thur thurs fri sat sun".split()
)
ACRONYMS = frozenset(
    # Measures, methods, diagnoses, roles and the shorthand of notes: capitals that name nobody.
    "ab abc abcs abs ac acc ace aces act ad adhd adl adls aedp ai am ann ap aq asap asc asd asrs aspd asq ax ba bd bdd "
    "bdi bed bfrb bls bmi bn bp bpd btw bw ca can cat cats cbd cbt cc cf cft cfs chat ci cl cls cmht cop copd core covid "
    "cpd cpn cpr cpt cptsd crisis ct cto cv cvd dap das dbt dc dd ddp des dic did dit dna dnaed dob dp dpdr ds dsh dsm dv "
    "dvd dx eap ecg ecgs ect ed edeq edq eft ei em emdr emw ep epds erp esa est eta etc etoh eupd fac fh fhx fit fm fnd "
    "ft fu fyi gad gcse ggt gi gp gps gsh hads hai hbt hcp hi hit hiv hotspot hourly hp hq hrs hrt hse hw hx iba icd icu "
    "id ids ies ifs iou ipt ipv iq isi it ivf k10 lac ld lgbt lgbtq lol ls lt ma maoi mba mbct mbt mc md mdd mdma mdt me "
    "mgr mh mi mins ml mnd mo mot mp mri ms msc msg msgs mse mtg mum mums na nb nd ndd neet nil nlp no nos not nrem nrt "
    "nsh nsi nt nvc ocd oci od odd oh ok okay op ot ova pa pas pc pcl pct pd pdf pdss pe pf pg pgcert pgdip pgce pgsi ph "
    "phd phq pin pip pir plan pmdd pmld pms pnd po poa pp ppd pr pre prn ps psr pswq psych pt ptsd ptg pwp pwps qa qol "
    "ra rag rebt rem ri risk rna ro rx sa sad sats sb scid sdq sen senco sess sfbt sh shx si sib sibs sleep snri soap "
    "sos spag ssi ssri ssris sspe std sti stt sub suds sud sup supv sv svc svn sw swemwbs ta tbc tbh tca tel tens tf "
    "tfcbt thc th ti tib tia tipp tlc tm tmj tms tod tog tsh tst tv tx ty uk us usa uti vb vid voc vs wa wasas wc wemwbs "
    "wfh wgll whatsapp who wk wks wm wrap wsas yboc ybocs ymrs yp yr yrs ysq zoom and but her his him she he they it we "
    "you all one two ten yes why what how so now this that the of to in on at by as an is was be or if for with never "
    "hv hoy su sbs pfs voc dob mot idva kw ug prot intl nxt mgr attend attends bible always only very more most any some own same too then".split()
)
TRADE = frozenset(
    # Parts, modes and roles that methods write with a capital.
    "adult child parent critic protector exile exiles firefighter firefighters manager managers self part parts others "
    "vulnerable detached healthy angry nurturing controlling adapted free wise mind schema schemas mode modes session "
    "sessions client clients therapist therapists supervisor supervision counsellor counselling gestalt socratic "
    "rogerian jungian kleinian winnicottian freudian bowlby winnicott rogers freud klein jung beck lecter god allah mum "
    "mummy dad daddy mam mom da ma nan nana gran granny grandma grandad grandpa auntie uncle he she him her his hers i "
    "me my mine we you your they them their it its id ego superego christian internet theory of mind".split()
)
HOLIDAYS = frozenset(
    "christmas xmas easter ramadan eid diwali hanukkah passover lent halloween whitsun vaisakhi navratri holi purim "
    "pentecost hogmanay midsummer valentine's".split()
)
NAME_WORDS = frozenset(
    "alma amber angel april art ash autumn barry basil bea bear beau bill billy bird birdie blue bob bobby brook brooke "
    "bud buddy buster carol cash chance charity chase cherry chip christian chuck clay cliff clover comfort constance "
    "coral crystal daisy dale dawn dean dee del dell destiny diamond dick dolly don dot drew duke earl eddy eve faith "
    "fay fern flora forest fox frank garnet gene ginger glen glory gill grace grant guy gray hank harmony harry hazel "
    "heather heath herb holly honey honor hope hunter iris ivy jack jade jasmine jay jean jersey jewel jo joy jolly june "
    "juniper justice kit king kitty lance lark laurel lee lily linden mark marina mason maud may melody mercy merry mike "
    "miles mo myrtle nat neil nick noble norm olive opal pansy pat patience patty paul pearl peg penny perry pet peter "
    "piers pip pippin poppy precious prince prudence queenie randy ray red reed rex rich rick rob robin rocky rod ro "
    "rose rosemary roy ruby rusty sal sandy scarlet scout shelley sky skip sol stew sterling stone storm sue summer "
    "sunny sunshine teddy temple terry tiger toby tom trinity trip victor vi violet wade ward warren wendy west will "
    "willow wing winter woody wren".split()
)
"""Ordinary words that are first names or nicknames as well."""
TITLES = frozenset(
    "mr mrs ms miss mx dr prof professor sir lady lord dame rev revd reverend father fr sister brother canon imam rabbi "
    "shaykh sheikh sgt sergeant pc dc cllr judge nurse matron auntie aunt uncle nan nana gran granny grandma grandpa "
    "grandad nanny chief captain major colonel coach pastor bishop constable inspector warden".split()
)
_NOTES = frozenset(
    # Words of notes and of therapy that the other lists lack.
    "academic aftercare agoraphobic ambivalent antidepressant antenatal anticipatory apptmt arousal assertiveness "
    "attunement avoidant behavioural bereaved bilateral bodyscan bullet caseload catastrophic checklist circular client "
    "clinical cognitive collaborative compassionate conditional containment contraception coparenting coping countertransference "
    "debrief defusion delusional depersonalisation derealisation diaphragmatic dietary disengaged disinhibited dissociated "
    "dissociation downward downwards dysphoric dysregulated elation elicited engages enmeshment enquired euthymic "
    "existential exposure flashback flashcard footage formulated formulation fusion greyscale grounding guarded "
    "handout headspace homework hotspot hyperarousal hyperventilation hypervigilance hypervigilant imaginal inattentive "
    "initial inquest insomnia interoceptive interpersonal intrusive invoices kinship liaise liaised macular mandatory "
    "mentalising metacognitive mindfulness misophonia motivational narrative neurodivergent normalised normalising "
    "numbing nonverbal ongoing outpatient overwhelm palliative panic paradoxical pendulation perfectionism perfectionist "
    "perimenopausal perimenopause perinatal postnatal precontemplation prescriber priming processing psychoeducation "
    "psychodynamic psychoed psychosexual reattribution reflective regulated relapse reparenting rescript rescripting "
    "resourcing reviewed rumination ruminating ruminative rupture safeguarding safety sceptical scrupulosity seated "
    "sensate sensory signposted somatic spiral strengthened subjective summarised supervision support systemic tearful "
    "theory grade year visibly tricky screenshotted orienting timeline timelines tolerating transference trauma triage trigger triggers unprompted unsubscribed unsent "
    "urge urges validation valued values whiteboard worksheet workability yawned youth".split()
)
_PROPER = frozenset("american york england london june march may july april january king george john st united".split())
_FUNCTION_WORDS = 500
"""Of the encyclopaedia's words, so many are taken: further down stand more and more names."""
_SPOKEN = 4000
_SUFFIXES = (
    *((suffix, "") for suffix in ("'s", "s", "es", "ed", "ing", "ly", "er", "ers", "est", "ness", "ally", "less")),
    *((suffix, "e") for suffix in ("ed", "ing", "er", "ers", "est")),
    *((suffix, "y") for suffix in ("ies", "ied", "ier", "iest", "ily", "iness")),
)
"""Endings, and what stood in their place."""
_DOUBLING = frozenset({"ed", "ing", "er", "ers", "est"})


@cache
def ordinary() -> frozenset[str]:
    """Ordinary English words in small letters, first names among them left in. Some 20,000."""
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    lexicon = resource("models/starter/lexicon.txt").read_text(encoding="utf-8").split()
    frequent = frozenset(FREQUENCY_LISTS["english_wikipedia"][:_FUNCTION_WORDS]) - _PROPER
    return frozenset(lexicon) | frozenset(FREQUENCY_LISTS["us_tv_and_film"]) | frequent | _NOTES


@cache
def first_names() -> frozenset[str]:
    """First names in small letters, those that are an ordinary word as well left out. Some 4,000."""
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    return (frozenset(FREQUENCY_LISTS["female_names"]) | frozenset(FREQUENCY_LISTS["male_names"])) - ordinary()


@cache
def is_rare(word: str) -> bool:
    """Whether an ordinary word is one of films and television alone and not among their most frequent: it may as well
    be a character's name."""
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    plain = word.casefold()
    lexicon = resource("models/starter/lexicon.txt").read_text(encoding="utf-8").split()
    frequent = FREQUENCY_LISTS["us_tv_and_film"][:_SPOKEN]
    return plain not in lexicon and plain not in _NOTES and plain not in frequent


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
    return plain.startswith(("un", "re")) and len(plain) > 5 and plain[2:] in known
