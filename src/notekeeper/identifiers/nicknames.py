"""Short forms of first names in English, and back again.

What always holds: the list is this project's own and of common forms alone; a short form that is missing from it is
found only if it looks like a name or was entered.
"""

from functools import cache

_SHORT = """
abigail: abby abbie gail
adam: ad
alan alun allan allen: al
albert: al bert bertie
alexander alexandra alexandria alexis alistair: alex al sandy sacha sasha lexi lexie xander alec ali zander
alfred: alf alfie fred freddie
alison: ali
amanda: mandy manda
amelia: amy millie mel
andrew andrea: andy drew dru
angela angelina: angie ange
anne anna ann hannah joanna: annie nan nancy anya
annabel annabelle: anna bella belle
anthony antony antonia: tony ant toni
arthur: art artie
barbara: babs barb barbie
barry: baz bazza
bartholomew: bart
beatrice beatrix: bea trixie bee
benjamin: ben benny benji
bernard bernadette: bernie bern
bethany elizabeth: beth
bradley: brad
bridget: bridie biddy
brian bryan: bri
caroline carolyn carol: caz carrie caro lina
catherine katherine kathryn katharine kathleen caitlin cathryn: cath cathy kate katie kathy kath kit kitty kat kay katy
charles charlotte: charlie chas chuck charley lottie lotte chaz char
christine christina christian christopher christabel: chris chrissie tina kit kris christy christie topher
clifford: cliff
colin: col
cynthia: cindy
daniel danielle: dan danny dani
david: dave davey davy dai
deborah debra: deb debbie debs
declan: dec
denise dennis: den denny
derek: del
desmond: des
dominic dominique: dom nic
donald: don donnie
dorothy dorothea: dot dottie dolly thea
douglas: doug dougie
edith: edie
edmund: ed eddie ted
edward edwin: ed eddie ted teddy ned eddy
eleanor elinor helen: ellie nell nellie nora ella
elizabeth elisabeth: liz lizzie beth betty bess bessie lisa eliza libby betsy elsie lilibet elise lizzy lib
emily: em emmie millie
emma: em emmie
emmanuel: manny
eric erica: rick ricky
ernest: ernie
esther: essie
eugene: gene
eve evelyn eva: evie
felicity: fliss flick
florence: flo florrie flossie
frances francis francesca: fran frankie frank fanny cesca franny
frederick frederica: fred freddie freddy
gabriel gabrielle gabriella: gabe gaby gabby
gareth: gaz gary
gary: gaz gazza
geoffrey jeffrey: geoff jeff
george georgia georgina: georgie gina
gerald gerard geraldine: gerry jerry ger
gillian: gill jill jilly
gordon: gord
graham: gray
gregory: greg
gwendolen gwendoline gwenllian: gwen wendy
harold: harry hal
harriet: hattie harry
harvey: harv
heather: hev
henry henrietta: harry hal hank hetty etta
herbert: bert herb bertie
howard: howie
hugh: hughie huw
ian iain: iain
irene: rene
isabel isabella isabelle isobel: izzy bella belle ibby issy
isaac: ike zac
jacob jake: jake jack
jacqueline: jackie jacqui
james: jim jimmy jamie jem
janet jane: jan janey jenny
jason: jay jase
jasmine: jas jaz jazz
jennifer: jen jenny jenna
jeremy jeremiah: jerry jez jem
jessica: jess jessie
joan: joanie
joanne joanna: jo joey
john: jack johnny jon jonny jock
jonathan: jon jonny jonty jono johnny
joseph josephine: joe jo joey josie posie
joshua: josh
joyce: joy
judith: judy jude jude
julia julie juliet juliette: jules jools
julian: jules
justin justine: juss
karen: kaz
kayleigh: kay
kenneth: ken kenny
kevin: kev
kimberley kimberly: kim
laura lauren: lol lori laurie
lawrence laurence: larry laurie loz
leonard: len lenny leo
leslie lesley: les
lewis louis louise louisa: lou lew louie lulu
lillian lilian: lily lil
linda lynda belinda melinda: lin lyn lindy
lorraine: lori rainey
lucy lucinda lucille: lucie luce cindy lulu lu
luke: lukey
madeleine madeline: maddie maddy
malcolm: mal malc
marcus mark: marky marc
margaret marguerite margery marjorie: maggie meg peggy madge marge margie greta mags megan peg mag rita daisy
maria marie mary marianne miriam: molly polly mimi may mamie mo ria mia moll
marilyn: maz lyn
martin martha martina: marty mart tina
matilda: tilly mattie tilda
matthew: matt matty
maureen: mo
maurice: mo
maxwell maximilian maxine: max maxie
melanie melissa: mel lissa
michael michaela michelle: mike mick micky mikey mickey mitch shell chelle
mildred: millie
mohammed muhammad mohamed mohammad mostafa mustafa: mo
monica: mon
montague: monty
nadia: nads
natalie natasha: nat tasha tash
nathan nathaniel: nat nate
neil: nelly
nicholas nicola nicole: nick nicky nico nic nikki nicky
nigel: nige
norman: norm
oliver olivia: ollie olly liv livvy
oscar: oz
pamela: pam
patricia patrick: pat paddy patsy patty trish tricia trisha pats rick
paul paula pauline: pauly polly
penelope: penny pen
peter petra: pete
philip phillip philippa: phil pip pippa
phyllis: phyl
priscilla: cilla
rachel rachael: rach rae
raymond: ray
rebecca: becky becca bex beck becks
reginald: reg reggie
richard: rich dick rick ricky richie dickie
robert roberta: rob bob bobby robbie bert bobbie robin
robin robyn: rob
rodney: rod
roger: rodge
roland rowland: rolly roly
ronald: ron ronnie
rosalind rosemary rose rosie rosamund: ros roz rose rosie ro romy
roxanne roxanna: roxy
rufus: rufe
russell: russ
ruth: ruthie
salvatore: sal
samuel samantha: sam sammy
sandra: sandy san
sarah sara: sally sal sadie
sean shaun shane: shay
sebastian: seb bas
sharon: shaz shazza
sheila: shell
shirley: shirl
sidney sydney: sid syd
simon: si
simone: sim
sophia sophie: soph
stanley: stan
stephanie: steph stevie
stephen steven: steve stevie ste
stuart stewart: stu stew
susan susanna susannah suzanne: sue susie suzie suzy sukie
sylvia: syl
tabitha: tabby
teresa theresa therese: terry tess tessa tessie terri
terence terrence: terry tel
thaddeus: tad
theodore theodora: theo ted teddy thea dora
thomas thomasina: tom tommy tommo
timothy: tim timmy
tobias: toby
tracey tracy: trace
trevor: trev
valerie valentina: val
vanessa: ness nessa
vera: vee
veronica: ronnie vron
victor victoria: vic vicky tori vick vix viv
vincent: vince vinny vin
violet: vi
virginia: ginny ginger
vivian vivien vivienne: viv
walter: wal wally walt
wayne: waz
wilfred: wilf fred
william wilhelmina: will bill billy willy liam wills bill wullie mina billie
winifred: win winnie freda
yvonne: von vonnie
yvette: evie
zachary: zac zach zack
zoe: zo
"""


@cache
def _table() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for line in _SHORT.split("\n"):
        full, _, short = line.partition(":")
        for name in full.split():
            found.setdefault(name, set()).update(short.split())
            for nick in short.split():
                found.setdefault(nick, set()).add(name)
    return {name: frozenset(others - {name}) for name, others in found.items()}


def other_forms(name: str) -> frozenset[str]:
    """Other forms of a first name given in small letters without accents: its short ones, what it may be short for,
    and what else that may be shortened to; for "maggie" "margaret" and "meg"."""
    table = _table()
    near = table.get(name, frozenset())
    further = frozenset(each for one in near for each in table.get(one, frozenset()) if len(one) > len(name))
    return (near | further) - {name}
