"""A decision on the terminal: the verdict first, then why, then what follows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from limen.cli.screen import Screen, visible
from limen.cli.words import CERTAINTIES, DISPOSITIONS, EFFECTS, MOMENTS, OUTCOMES, VERDICTS, WIDEST_OUTCOME, count, day
from limen.decide.decision import Decision, ItemDecision, Reason

Titles = Mapping[str, str]
"""Address of a rule to its title."""


def show_decision(screen: Screen, decision: Decision, titles: Titles, *, full: bool = False) -> None:
    """The whole of `decision` as its reader may see it. `full` adds why the other gateways are closed."""
    _heading(screen, decision)
    if decision.fault is not None:
        _fault(screen, decision)
    if decision.disposition == "readings_differ":
        _hinges(screen, decision)
        show_profiles(screen, decision)
    for group in _alike(decision.items):
        _items(screen, group, titles, full=full)
    if decision.disposition != "readings_differ":
        show_profiles(screen, decision)
        _hinges(screen, decision)
    _missing(screen, decision)
    _duties(screen, decision, full=full)


def example_of(decision: Decision) -> str | None:
    """The address of a reason worth reading on about: one that keeps something back, or else the first."""
    reasons = [reason for item in decision.items for reason in item.reasons if "#" in reason.address]
    decisive = [reason for reason in reasons if reason.outcome != "met"]
    return next((reason.address for reason in (*decisive, *reasons)), None)


def show_footer(screen: Screen, caveat: str, *, example: str | None = None) -> None:
    """What holds for everything above it: where to read on, and the caveat."""
    screen.line()
    if example is not None:
        screen.line(screen.paint(f"To read a rule and its tests: limen book show '{example}'", "quiet"))
    screen.wrapped(caveat, tone="quiet")


def profile_words(decision: Decision) -> str:
    """The reading in use, for the heading."""
    if decision.profile is not None:
        return f"profile {decision.profile}"
    return f"all {count(len(decision.profiles), 'profile')}" if decision.profiles else f"profile {decision.basis}"


def _heading(screen: Screen, decision: Decision) -> None:
    sign = DISPOSITIONS[decision.disposition]
    known = f" · as known on {day(decision.known_at)}" if decision.known_at else ""
    about = f"{profile_words(decision)} · law of {day(decision.as_of)}{known}"
    screen.rule()
    name = screen.paint(decision.request_id or "a case", "strong")
    screen.pair(f"{sign.on(screen)}   {name}", screen.paint(about, "quiet"))
    asked = len(decision.items)
    if decision.releasable and decision.effect == "deny":
        items = ", ".join(decision.releasable)
        screen.wrapped(f"{len(decision.releasable)} of {count(asked, 'item')} could be released now: {items}", 2)


def _fault(screen: Screen, decision: Decision) -> None:
    fault = decision.fault
    if fault is None:
        return
    screen.line(f"  {screen.paint(screen.icon('bar') + ' engine fault', 'bad')} ({fault.kind}): nothing is released")
    screen.wrapped(fault.detail, 4)
    if fault.reproduction:
        screen.line(f"    to see it again: limen reproduce {fault.reproduction}")


def _alike(items: Sequence[ItemDecision]) -> list[list[ItemDecision]]:
    """Items with the same verdict for the same reasons, together, in the order they were asked."""
    groups: dict[tuple[object, ...], list[ItemDecision]] = {}
    for item in items:
        key = (item.verdict, item.gateway, tuple((reason.address, reason.outcome) for reason in item.reasons))
        groups.setdefault(key, []).append(item)
    return list(groups.values())


def _items(screen: Screen, group: Sequence[ItemDecision], titles: Titles, *, full: bool) -> None:
    first = group[0]
    names = ", ".join(_item_name(item) for item in group)
    screen.line()
    screen.line(f"  {VERDICTS[first.verdict].on(screen)}   {screen.paint(names, 'strong')}")
    if first.gateway is not None:
        title = titles.get(first.gateway, "")
        how = EFFECTS.get(first.effect or "", "")
        lead = "under" if first.verdict == "allow" else "nearest gateway:"
        named = f"{lead} {first.gateway} {title}".rstrip() + (f"; {how}" if how else "")
        screen.wrapped(named, 4, 6, "quiet")
    decisive = [reason for reason in first.reasons if full or first.verdict == "allow" or reason.outcome != "met"]
    for reason in decisive:
        show_reason(screen, reason)
    if met := len(first.reasons) - len(decisive):
        screen.line(screen.paint(f"    {count(met, 'other requirement is', 'other requirements are')} met", "quiet"))
    if first.elsewhere and full:
        screen.line(screen.paint("    what keeps each other gateway from opening:", "quiet"))
        for reason in first.elsewhere:
            screen.line(screen.paint(f"    {reason.rule} {titles.get(reason.rule, '')}".rstrip(), "quiet"))
            show_reason(screen, reason)
    elif first.elsewhere and first.verdict != "allow":
        shut = count(len(first.elsewhere), "other gateway is", "other gateways are")
        screen.line(screen.paint(f"    {shut} not open either: `limen explain` says why", "quiet"))


def _item_name(item: ItemDecision) -> str:
    kind = (item.kind or "").replace("_", " ")
    return item.item if not kind or kind == item.item.replace("_", " ") else f"{item.item} ({kind})"


def show_reason(screen: Screen, reason: Reason) -> None:
    """One reason: status, label, citation; for a failure one sentence on what is missing or would cure it."""
    sign = OUTCOMES[reason.outcome]
    status = "    " + screen.paint(f"{screen.icon(sign.icon)} {sign.word:<{WIDEST_OUTCOME}}  ", sign.tone)
    part = reason.address.partition("#")[2]
    mark = CERTAINTIES.get(reason.certainty, reason.certainty)
    cited = reason.citation + (f" ({mark})" if mark else "") + (f"  #{part}" if part else "")
    edge = visible(status)
    if edge + len(reason.label) + 2 + len(cited) <= screen.width:
        screen.pair(status + reason.label, screen.paint(cited, "quiet"))
    else:
        screen.column(status, reason.label)
        screen.line(" " * edge + screen.paint(cited, "quiet"))
    if reason.outcome != "met":
        lead = " " * (edge - 2) + screen.icon("then") + " "
        screen.column(lead, reason.sentence)
        if reason.cure and reason.cure != reason.sentence:
            screen.column(lead, reason.cure)


def show_profiles(screen: Screen, decision: Decision) -> None:
    """One line per profile asked: what it answers for the request and, where items differ, for each."""
    if not decision.profiles:
        return
    screen.line()
    screen.line(screen.paint("  Under each profile", "strong"))
    width = max(len(outcome.profile) for outcome in decision.profiles)
    for outcome in decision.profiles:
        sign = DISPOSITIONS[outcome.disposition]
        verdicts = outcome.verdicts
        if len(set(verdicts.values())) == 1:
            detail = ""
        else:
            detail = "; ".join(f"{item}: {VERDICTS[verdict].word.lower()}" for item, verdict in verdicts.items())
        words = f"{screen.icon(sign.icon)} {sign.word:<15}"
        screen.line(f"    {outcome.profile:<{width}}  {screen.paint(words, sign.tone)} {detail}".rstrip())
    if decision.disposition == "readings_differ":
        screen.line(screen.paint(f"  The reasons below are those of {decision.basis}.", "quiet"))


def _hinges(screen: Screen, decision: Decision) -> None:
    if not decision.hinges:
        return
    screen.line()
    screen.line(screen.paint("  It turns on how these words are read", "strong"))
    for hinge in decision.hinges:
        screen.wrapped(f"{screen.icon('split')} “{hinge.words}”  {hinge.reading}", 4, 6)
        for alternative, disposition in hinge.under.items():
            chosen = f"  ({decision.basis})" if alternative == hinge.chosen else ""
            screen.line(f"        {alternative}: {DISPOSITIONS[disposition].on(screen)}{chosen}")
        if hinge.together_with:
            screen.wrapped(f"only together with {', '.join(hinge.together_with)}", 8, 10, "quiet")


def _missing(screen: Screen, decision: Decision) -> None:
    if not decision.missing:
        return
    screen.line()
    screen.line(screen.paint("  What could still change it, the most telling first", "strong"))
    for missing in decision.missing:
        whose = " (for the authority to answer)" if missing.authority_side else ""
        screen.pair(
            f"{screen.paint(screen.icon('open'), 'open')} {missing.ask}{whose}", screen.paint(missing.fact, "quiet"), 4
        )


def _duties(screen: Screen, decision: Decision, *, full: bool) -> None:
    """Duties of the gateways themselves; with `full` also those that other provisions attach, else their number."""
    if not decision.duties:
        return
    gateways = {item.gateway for item in decision.items}
    shown = [duty for duty in decision.duties if full or duty.address.partition("#")[0] in gateways]
    screen.line()
    screen.line(screen.paint("  Duties that come with the release", "strong"))
    for duty in shown:
        deadline = f" ({duty.deadline})" if duty.deadline else ""
        moment = f"    {screen.icon('dot')} {MOMENTS.get(duty.when, duty.when):<10}  "
        screen.column(moment, f"{duty.who}: {duty.duty}{deadline} [{duty.citation}]")
    rest = [duty for duty in decision.duties if duty not in shown]
    if rest:
        moments = [f"{sum(duty.when == when for duty in rest)} {word}" for when, word in MOMENTS.items()]
        screen.wrapped(
            f"and {count(len(rest), 'duty', 'duties')} of other provisions ({', '.join(moments)}): "
            "`limen explain` lists them",
            4, 6, "quiet",
        )  # fmt: skip
