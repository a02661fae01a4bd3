"""Sorts of theme: what can become of a theme over a therapy, read from what the theme is.

What always holds: every code of the taxonomy is of exactly one sort, by its description there and not by how any
client fared; a theme without a code is of each sort in some measure, by its words.
"""

from enum import StrEnum


class Sort(StrEnum):
    """AMOUNT: a difficulty that comes in amounts, by night, by day or by count, so that notes can tell of less of it.
    WAY: a way of feeling towards, relating to or meeting somebody or something, oneself and the therapist among them;
    it changes its character. GROUND: a circumstance or a history, which goes on. STRENGTH: what a client has or finds.
    WORK: what is done in therapy."""

    AMOUNT = "amount"
    WAY = "way"
    GROUND = "ground"
    STRENGTH = "strength"
    WORK = "work"


SORTS = tuple(Sort)
SORT_OF = {
    code: sort
    for sort, codes in {
        Sort.AMOUNT: "anxiety panic low_mood loneliness numbness overwhelm hopelessness rumination sleep eating "
        "alcohol_drugs compulsions gambling_screens procrastination withdrawal traumatic_memory hypervigilance "
        "dissociation",
        Sort.WAY: "anger shame guilt grief envy self_criticism perfectionism low_self_worth identity body_image "
        "imposter control avoidance couple_conflict intimacy abandonment boundaries parenting friendship trust "
        "caring_role separation workplace_relations controlling_relationship dating alliance rupture_repair "
        "transference ambivalence",
        Sort.GROUND: "family_of_origin work_stress job_change money housing study health fertility_birth ageing "
        "migration_culture discrimination transition neurodivergence menopause childhood_adversity",
        Sort.STRENGTH: "self_compassion agency activation resilience support_network achievement hope enjoyment values "
        "faith_meaning",
        Sort.WORK: "endings homework goals_progress coping_skills insight emotion_regulation psychoeducation ai_tools",
    }.items()
    for code in codes.split()
}
