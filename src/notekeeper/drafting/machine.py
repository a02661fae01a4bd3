"""A sentence that speaks to a machine is never evidence, whoever put it into the note.

Notes quote letters, printouts and chatbots, and some of those tell a program what to write. What always holds: a
sentence is judged by itself and by form alone: a machine addressed by role, an order about the record or the draft, an
order to ignore what stands before, the marks of a chat. A client's own use of such tools is told in other words.
"""

import re

_MACHINE = (
    r"(?:AI|A\.I\.|assistants?|chatbot|bot|LLM|(?:language|AI) models?|model|system|software|summari[sz]er|"
    r"program(?:me)?|algorithm|machine|computer|chatgpt|gpt|copilot|claude|gemini|alexa|siri|transcriber|scribe|reader)"
)
_OPENS = r"(?:^|[:\"'“”‘’,;.!?(\[{>*#\n–—-]\s*|\bplease\s+|\bnow\s+|\bthen\s+)"
_CLIENT = (
    r"(?:(?:the |this |any |that |all |every )?(?:client|patient|user|student|employee|person|young man|young woman|"
    r"session)|she|he|they|all|everything|there (?:is|are) no)"
)
_FAULTS = r"(?:themes?|symptoms?|risks?|difficult\w+|problems?|concerns?|anxiety|findings|positives?)"
_DRAFT = r"(?:summary|summaries|draft|output|themes?|focus|answer|report)"
_ORDER = (
    r"(?:ignore|disregard|forget|write|say|state|report|record|output|list|rate|score|describe|summari[sz]e|rewrite|do|"
    r"don['’]t|please|you|mark|tag|label|omit|treat|respond|answer|add|put|never|always|return|print|stop|begin|remove)"
)
_TEXT = (
    r"(?:instructions?|rules?|prompts?|guidelines?|text|content|context|directions|messages?|notes?|orders?|record|"
    r"account|evidence)"
)
_GAP = r"(?:[^\w'’]{1,9}[\w'’]{1,30}){0,3}?[^\w'’]{1,9}"  # no character fits both kinds: it cannot run wild

_CHAT_MARKS = (
    r"<\|\w*\|?>?|\[/?(?:INST|SYSTEM_PROMPT|TOOL_CALLS)\]|<</?SYS>>|</?(?:s|system|assistant|user|instructions?|prompt)>",
    r"</?(?:think|tool_call|tool_response|start_of_turn|end_of_turn)>|<turn\|>",
    r"(?:^|\n)\s*(?:sentences?\s*\d*|labels?)\s*:",  # the form in which our own prompts show sentences
    r"(?:^|\n)\s*#{2,}\s*(?:system|instructions?|assistant|response|user|human)\b",
    r"\b(?:end|start|begin) of (?:prompt|input|context)\b|\b(?:developer|DAN|admin|god) mode\b|\bjailbreak\b",
)
_ADDRESSED = (
    (
        r"(?:^|[\"'“‘(\[:>]\s*)(?:#+\s*)?(?:system|assistant|developer|LLM|language model|"
        r"system (?:message|prompt|note|override)|(?:new|updated|hidden|admin) instructions?|"
        r"AI (?:reviewers?|readers?|tools?|systems?|models?|assistants?))\s*(?::|,|\s[-–—]\s|>)"
    ),
    (
        r"(?:^|[\"'“‘(\[:>]\s*)(?:AI|A\.I\.|bot|chatbot|chatgpt|copilot|computer|model|program)\s*[:,]\s*"
        rf"{_ORDER}\b"
    ),
    (
        r"\b(?:notes?|messages?|memo|instructions?|attention|attn|hint|reminder|word)\W+(?:to|for)\b\W+"
        rf"(?:(?:any|the|an?|whatever|whichever|all|this|your|our)\s+)?(?:[\w'’]+\s+){{0,2}}{_MACHINE}\b"
    ),
    rf"\bto (?:whatever|whichever|any|the|all) (?:\w+ )?{_MACHINE}\b[^.!?:]{{0,50}}:",
    rf"\b(?:hey|hi|hello|dear|ok|okay|attention|listen)[, ]+(?:there )?(?:the )?{_MACHINE}\b",
    (
        r"\byou (?:are|will be|must act as) (?:now )?(?:an? |the |my )?(?:\w+ )?"
        r"(?:AI|assistant|language model|chatbot|LLM|summari[sz]er|scribe)\b"
    ),
    r"\bas an? (?:AI|large language|language) (?:model|assistant)\b",
    r"\byour (?:new |only |real )?(?:task|instructions?|job|role|rules?) (?:is|are) (?:now |to )",
)
_ORDERED = (
    (
        r"\b(?:ignore|disregard|forget|override|overrule|discard)\b"
        rf"{_GAP}(?:previous|prior|above|earlier|preceding|system|foregoing)\b(?:\W+\w+){{0,2}}?\W+{_TEXT}\b"
    ),
    (
        rf"{_OPENS}(?:ignore|disregard|forget|override|discard|skip)\b{_GAP}(?:{_TEXT}|previous|above|prior|"
        r"everything (?:above|before|so far)|what (?:she|he|they|I|the client) (?:says?|said))\b"
    ),
    rf"{_OPENS}(?:write|say|state|report|record|conclude|claim|confirm|pretend|assume)\s+that\s+{_CLIENT}\b",
    (
        rf"{_OPENS}(?:list|record|output|return|find|report|give|show|suggest|include) "
        rf"(?:no|zero|only|nothing but) (?:\w+ ){{0,2}}?{_FAULTS}\b"
    ),
    (
        rf"{_OPENS}(?:describe|rate|score|mark|tag|label|classify|list|put|flag|treat|record|code|summari[sz]e)\s+"
        r"(?:this|the|her|him|them|all|any|every|father|mother|client|patient|user|these)\b"
        rf"{_GAP}as\s+(?!(?:we|they|she|he|it|i|soon|agreed|needed|homework|well|usual|planned)\b)"
    ),
    (
        rf"{_OPENS}(?:do not|don['’]t|never|omit|leave out|exclude|remove|delete|suppress|hide|add|include|insert|"
        r"mention|replace|put|append|rewrite)\b[^.!?]{0,60}\b(?:in|from|to|into|out of) (?:the|your|this|any|every) "
        rf"{_DRAFT}\b(?! (?:book|card|pad|to|for|of|back|home|her|him))"
    ),
    (
        r"\b(?:when|while|before|after|if) (?:you )?(?:summari[sz]ing|summari[sz]e|processing|drafting|analy[sz]ing) "
        r"(?:this|the|these|any|it)\b|\bwhen this (?:\w+ )?is (?:summari[sz]ed|processed|drafted|analy[sz]ed)\b"
    ),
    (
        rf"{_OPENS}(?:summari[sz]e|rewrite|translate|paraphrase|output|print|repeat|reveal|show)\s+"
        r"(?:(?:this|all|the|these|your|only)\s+)*(?:above|later notes|notes? (?:above|below|as)|system prompt|prompt|"
        r"instructions|JSON|following (?:word|text)|text above|word\b)"
    ),
    (
        r"\b(?:respond|reply|answer|output)\W+(?:only\W+)?(?:with|in|using)\b(?:\W+\w+){0,4}?\W+"
        r"(?:JSON|words?|sentence|yes|no|text)\b|\boutput\s+[\"'“‘]"
    ),
    r"\bmust (?:now )?(?:output|respond|be (?:summari[sz]ed|labelled|coded) as)\b",
)
_SIGNS = re.compile(
    "|".join(f"(?:{sign})" for signs in (_CHAT_MARKS, _ADDRESSED, _ORDERED) for sign in signs), re.IGNORECASE
)


def addresses_a_machine(sentence: str) -> bool:
    """Whether the sentence, as one of a note, gives orders to a program or speaks to it; quoted or not."""
    return bool(_SIGNS.search(sentence))
