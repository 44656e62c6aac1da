"""The floor: the 50-rule policy as a careful person would write it in Python, for one case and one item.

No engine, no tree, no table: `if` and `else`, each fact read where it is needed, three-valued by hand. It answers
what the engine answers (verdict, gateway, and what is in the way with its outcome), so that the two can be compared
answer by answer. This file imports nothing, so that the peers' environment can run it too.
"""

from __future__ import annotations

from typing import Any

MET, NOT_MET, NOT_KNOWN, BARRED = "met", "not_met", "not_known", "barred"
Obstacle = tuple[str, str, str]
APPLICANTS = {
    "attorney_general", "deputy_attorney_general", "assistant_attorney_general", "us_attorney", "special_prosecutor",
}  # fmt: skip
OF_JUSTICE = {"attorney_general", "us_attorney", "component_head"}


def decide(case: dict[str, Any], item: dict[str, Any]) -> tuple[str, str | None, tuple[Obstacle, ...]]:
    """Verdict, the gateway that opened, and what is in the way of the others."""
    covered = case.get("holder.is_covered_person")
    protected = item.get("item.is_protected")
    if covered is False or protected is False:
        return "not_covered", None, ()

    programme = case.get("requester.programme")
    kind = item.get("item.kind")
    opened: str | None = None
    may_open = False
    obstacles: list[Obstacle] = []
    of_item: list[Obstacle] = []

    # By court order.
    if programme is None or programme == "criminal_order" or programme == "task_force":
        start = len(obstacles)
        if programme is None:
            obstacles.append(("bench.order", "bench.order#programme", NOT_KNOWN))
        granted = case.get("order.granted")
        if granted is not True:
            obstacles.append(("bench.order", "bench.order#order", NOT_KNOWN if granted is None else NOT_MET))
        court = case.get("order.court")
        if court != "district_judge" and court != "magistrate_judge":
            obstacles.append(("bench.order", "bench.order#court", NOT_KNOWN if court is None else NOT_MET))
        by = case.get("order.authorised_by")
        if by is None:
            obstacles.append(("bench.order", "bench.order#authorised", NOT_KNOWN))
        elif by not in APPLICANTS:
            obstacles.append(("bench.order", "bench.order#authorised", NOT_MET))
        crime = case.get("order.finds_crime")
        relevance = case.get("order.finds_relevance")
        no_other = case.get("order.finds_no_other_source")
        child = case.get("matter.missing_child")
        if not (crime and relevance and (no_other or child)):
            if crime is False or relevance is False or (no_other is False and child is False):
                obstacles.append(("bench.order", "bench.order#findings", NOT_MET))
            else:
                obstacles.append(("bench.order", "bench.order#findings", NOT_KNOWN))
        age = case.get("order.age_days")
        if age is None:
            obstacles.append(("bench.order", "bench.order#fresh", NOT_KNOWN))
        elif age > 90:
            obstacles.append(("bench.order", "bench.order#fresh", NOT_MET))
        federal = case.get("recipient.is_federal")
        engagement = case.get("recipient.engagement")
        if not (federal and (engagement == "works_the_matter" or engagement == "supervises")):
            if federal is False or engagement == "designated_point_of_contact" or engagement == "none":
                obstacles.append(("bench.order", "bench.order#engaged", NOT_MET))
            else:
                obstacles.append(("bench.order", "bench.order#engaged", NOT_KNOWN))
        before = len(of_item)
        named = item.get("item.named_in_order")
        period = item.get("item.in_period")
        if not (named and period):
            outcome = NOT_MET if named is False or period is False else NOT_KNOWN
            of_item.append(("bench.order", "bench.order#within_order", outcome))
        informant = case.get("secretary.informant_risk")
        if informant is not False:
            of_item.append(("bench.order", "bench.informant", BARRED if informant else NOT_KNOWN))
        harm = case.get("secretary.tax_case_harm")
        if harm is not False:
            of_item.append(("bench.order", "bench.harm", BARRED if harm else NOT_KNOWN))
        if len(obstacles) == start and len(of_item) == before:
            opened = "bench.order"
        elif all(o[2] == NOT_KNOWN for o in obstacles[start:]) and all(o[2] == NOT_KNOWN for o in of_item[before:]):
            may_open = True

    # On request.
    if opened is None and (programme is None or programme == "criminal_request" or programme == "task_force"):
        start = len(obstacles)
        if programme is None:
            obstacles.append(("bench.request", "bench.request#programme", NOT_KNOWN))
        office = case.get("requester.office")
        agency = case.get("requester.agency")
        if office is None:
            obstacles.append(("bench.request", "bench.request#requester", NOT_KNOWN))
        elif office != "agency_head" and office != "inspector_general":
            if agency == "department_of_justice":
                if office not in OF_JUSTICE:
                    obstacles.append(("bench.request", "bench.request#requester", NOT_MET))
            elif agency is None and office in OF_JUSTICE:
                obstacles.append(("bench.request", "bench.request#requester", NOT_KNOWN))
            else:
                obstacles.append(("bench.request", "bench.request#requester", NOT_MET))
        written = case.get("request.in_writing")
        if written is not True:
            obstacles.append(("bench.request", "bench.request#in_writing", NOT_KNOWN if written is None else NOT_MET))
        name = case.get("request.states_name")
        address = case.get("request.address")
        if not (name and address == "complete"):
            if name is False or (address is not None and address != "complete"):
                obstacles.append(("bench.request", "bench.request#identity", NOT_MET))
            else:
                obstacles.append(("bench.request", "bench.request#identity", NOT_KNOWN))
        periods = case.get("request.states_periods")
        authority = case.get("request.states_authority")
        reasons = case.get("request.states_reasons")
        if not (periods and authority and reasons):
            if periods is False or authority is False or reasons is False:
                obstacles.append(("bench.request", "bench.request#statement", NOT_MET))
            else:
                obstacles.append(("bench.request", "bench.request#statement", NOT_KNOWN))
        stage = case.get("matter.stage")
        child = case.get("matter.missing_child")
        crime = case.get("matter.designated_crime")
        tax = case.get("matter.is_tax")
        if stage is None or stage == "none" or not (child or (crime and tax is False)):
            if stage == "none" or (child is False and (crime is False or tax is True)):
                obstacles.append(("bench.request", "bench.request#matter", NOT_MET))
            else:
                obstacles.append(("bench.request", "bench.request#matter", NOT_KNOWN))
        inside = case.get("recipient.in_agency")
        engagement = case.get("recipient.engagement")
        sole = case.get("recipient.sole_use")
        if not (inside and sole and (engagement == "works_the_matter" or engagement == "supervises")):
            if inside is False or sole is False or engagement == "designated_point_of_contact" or engagement == "none":
                obstacles.append(("bench.request", "bench.request#engaged", NOT_MET))
            else:
                obstacles.append(("bench.request", "bench.request#engaged", NOT_KNOWN))
        before = len(of_item)
        taxpayer = item.get("item.from_taxpayer")
        if taxpayer is not False and kind != "name" and kind != "mailing_address" and kind != "taxpayer_number":
            outcome = NOT_MET if taxpayer and kind is not None else NOT_KNOWN
            of_item.append(("bench.request", "bench.request#not_from_taxpayer", outcome))
        informant = case.get("secretary.informant_risk")
        if informant is not False:
            of_item.append(("bench.request", "bench.informant", BARRED if informant else NOT_KNOWN))
        harm = case.get("secretary.tax_case_harm")
        if harm is not False:
            of_item.append(("bench.request", "bench.harm", BARRED if harm else NOT_KNOWN))
        if len(obstacles) == start and len(of_item) == before:
            opened = "bench.request"
        elif all(o[2] == NOT_KNOWN for o in obstacles[start:]) and all(o[2] == NOT_KNOWN for o in of_item[before:]):
            may_open = True

    # Benefit programmes. (Before task forces: it must be given, those may.)
    if opened is None and (programme is None or programme == "welfare"):
        start = len(obstacles)
        if programme is None:
            obstacles.append(("bench.welfare", "bench.welfare#programme", NOT_KNOWN))
        agency = case.get("requester.agency")
        if agency != "other_state" and agency != "other_local":
            obstacles.append(("bench.welfare", "bench.welfare#agency", NOT_KNOWN if agency is None else NOT_MET))
        written = case.get("request.in_writing")
        if written is not True:
            obstacles.append(("bench.welfare", "bench.welfare#in_writing", NOT_KNOWN if written is None else NOT_MET))
        name = case.get("request.states_name")
        address = case.get("request.address")
        if not (name and (address == "complete" or address == "partial")):
            if name is False or address == "placeholder" or address == "none":
                obstacles.append(("bench.welfare", "bench.welfare#identity", NOT_MET))
            else:
                obstacles.append(("bench.welfare", "bench.welfare#identity", NOT_KNOWN))
        age = case.get("request.age_days")
        if age is None:
            obstacles.append(("bench.welfare", "bench.welfare#recent", NOT_KNOWN))
        elif age > 31:
            obstacles.append(("bench.welfare", "bench.welfare#recent", NOT_MET))
        signed = case.get("agreement.signed")
        old = case.get("agreement.age_days")
        if not (signed and old is not None and old <= 1826):
            if signed is False or (old is not None and old > 1826):
                obstacles.append(("bench.welfare", "bench.welfare#agreement", NOT_MET))
            else:
                obstacles.append(("bench.welfare", "bench.welfare#agreement", NOT_KNOWN))
        filed = case.get("safeguards.report_filed")
        findings = case.get("safeguards.open_findings")
        if not (filed or (findings is not None and findings < 3)):
            outcome = NOT_MET if filed is False and findings is not None else NOT_KNOWN
            obstacles.append(("bench.welfare", "bench.welfare#safeguards", outcome))
        before = len(of_item)
        period = item.get("item.in_period")
        if not (period and (kind == "reported_amount" or kind == "third_party_amount")):
            known_other = kind is not None and kind != "reported_amount" and kind != "third_party_amount"
            outcome = NOT_MET if period is False or known_other else NOT_KNOWN
            of_item.append(("bench.welfare", "bench.welfare#amounts", outcome))
        if len(obstacles) == start and len(of_item) == before:
            opened = "bench.welfare"
        elif all(o[2] == NOT_KNOWN for o in obstacles[start:]) and all(o[2] == NOT_KNOWN for o in of_item[before:]):
            may_open = True

    # State audits.
    if opened is None and (programme is None or programme == "audit" or programme == "loans"):
        start = len(obstacles)
        if programme is None:
            obstacles.append(("bench.audit", "bench.audit#programme", NOT_KNOWN))
        agency = case.get("requester.agency")
        if agency != "state_tax" and agency != "state_audit":
            obstacles.append(("bench.audit", "bench.audit#agency", NOT_KNOWN if agency is None else NOT_MET))
        written = case.get("request.in_writing")
        reasons = case.get("request.states_reasons")
        if not (written and reasons):
            if written is False or reasons is False:
                obstacles.append(("bench.audit", "bench.audit#in_writing", NOT_MET))
            else:
                obstacles.append(("bench.audit", "bench.audit#in_writing", NOT_KNOWN))
        tax = case.get("matter.is_tax")
        if tax is not True:
            obstacles.append(("bench.audit", "bench.audit#tax", NOT_KNOWN if tax is None else NOT_MET))
        inside = case.get("recipient.in_agency")
        engagement = case.get("recipient.engagement")
        if not (inside and engagement is not None and engagement != "none"):
            if inside is False or engagement == "none":
                obstacles.append(("bench.audit", "bench.audit#recipients", NOT_MET))
            else:
                obstacles.append(("bench.audit", "bench.audit#recipients", NOT_KNOWN))
        findings = case.get("safeguards.open_findings")
        if findings is None:
            obstacles.append(("bench.audit", "bench.audit#findings", NOT_KNOWN))
        elif findings > 5:
            obstacles.append(("bench.audit", "bench.audit#findings", NOT_MET))
        age = case.get("request.age_days")
        if age is None:
            obstacles.append(("bench.audit", "bench.audit#fresh", NOT_KNOWN))
        elif age >= 366:
            obstacles.append(("bench.audit", "bench.audit#fresh", NOT_MET))
        before = len(of_item)
        period = item.get("item.in_period")
        if not period and kind != "filed_return" and kind != "audit_workpaper" and kind != "reported_amount":
            outcome = NOT_MET if period is False and kind is not None else NOT_KNOWN
            of_item.append(("bench.audit", "bench.audit#return", outcome))
        harm = case.get("secretary.tax_case_harm")
        if harm is not False:
            of_item.append(("bench.audit", "bench.harm", BARRED if harm else NOT_KNOWN))
        if len(obstacles) == start and len(of_item) == before:
            opened = "bench.audit"
        elif all(o[2] == NOT_KNOWN for o in obstacles[start:]) and all(o[2] == NOT_KNOWN for o in of_item[before:]):
            may_open = True

    # Task forces.
    if opened is None and (programme is None or programme == "task_force"):
        start = len(obstacles)
        if programme is None:
            obstacles.append(("bench.task_force", "bench.task_force#programme", NOT_KNOWN))
        agency = case.get("requester.agency")
        if agency != "department_of_justice" and agency != "dhs":
            obstacles.append(("bench.task_force", "bench.task_force#agency", NOT_KNOWN if agency is None else NOT_MET))
        signed = case.get("agreement.signed")
        if signed is not True:
            obstacles.append(("bench.task_force", "bench.task_force#signed", NOT_KNOWN if signed is None else NOT_MET))
        old = case.get("agreement.age_days")
        if old is None:
            obstacles.append(("bench.task_force", "bench.task_force#current", NOT_KNOWN))
        elif old >= 730:
            obstacles.append(("bench.task_force", "bench.task_force#current", NOT_MET))
        count = case.get("recipient.count")
        if count is None:
            obstacles.append(("bench.task_force", "bench.task_force#small", NOT_KNOWN))
        elif count < 1 or count > 25:
            obstacles.append(("bench.task_force", "bench.task_force#small", NOT_MET))
        filed = case.get("safeguards.report_filed")
        findings = case.get("safeguards.open_findings")
        if not (filed and findings == 0):
            if filed is False or (findings is not None and findings != 0):
                obstacles.append(("bench.task_force", "bench.task_force#safeguards", NOT_MET))
            else:
                obstacles.append(("bench.task_force", "bench.task_force#safeguards", NOT_KNOWN))
        sole = case.get("recipient.sole_use")
        if sole is not True:
            obstacles.append(("bench.task_force", "bench.task_force#sole_use", NOT_KNOWN if sole is None else NOT_MET))
        before = len(of_item)
        if kind != "name" and kind != "mailing_address":
            outcome = NOT_KNOWN if kind is None else NOT_MET
            of_item.append(("bench.task_force", "bench.task_force#identity", outcome))
        informant = case.get("secretary.informant_risk")
        if informant is not False:
            of_item.append(("bench.task_force", "bench.informant", BARRED if informant else NOT_KNOWN))
        if len(obstacles) == start and len(of_item) == before:
            opened = "bench.task_force"
        elif all(o[2] == NOT_KNOWN for o in obstacles[start:]) and all(o[2] == NOT_KNOWN for o in of_item[before:]):
            may_open = True

    # Student loans.
    if opened is None and (programme is None or programme == "loans" or programme == "welfare"):
        start = len(obstacles)
        if programme is None:
            obstacles.append(("bench.loans", "bench.loans#programme", NOT_KNOWN))
        agency = case.get("requester.agency")
        if agency != "other_federal_agency":
            obstacles.append(("bench.loans", "bench.loans#agency", NOT_KNOWN if agency is None else NOT_MET))
        office = case.get("requester.office")
        if office is None:
            obstacles.append(("bench.loans", "bench.loans#office", NOT_KNOWN))
        elif office == "other_official":
            obstacles.append(("bench.loans", "bench.loans#office", NOT_MET))
        written = case.get("request.in_writing")
        periods = case.get("request.states_periods")
        if not (written and periods):
            if written is False or periods is False:
                obstacles.append(("bench.loans", "bench.loans#in_writing", NOT_MET))
            else:
                obstacles.append(("bench.loans", "bench.loans#in_writing", NOT_KNOWN))
        authority = case.get("request.states_authority")
        if authority is not True:
            obstacles.append(("bench.loans", "bench.loans#authority", NOT_KNOWN if authority is None else NOT_MET))
        count = case.get("recipient.count")
        if count is None:
            obstacles.append(("bench.loans", "bench.loans#count", NOT_KNOWN))
        elif count >= 10:
            obstacles.append(("bench.loans", "bench.loans#count", NOT_MET))
        stage = case.get("matter.stage")
        crime = case.get("matter.designated_crime")
        if stage is None or stage == "proceeding" or stage == "grand_jury" or crime is not False:
            if stage == "proceeding" or stage == "grand_jury" or crime:
                obstacles.append(("bench.loans", "bench.loans#not_criminal", NOT_MET))
            else:
                obstacles.append(("bench.loans", "bench.loans#not_criminal", NOT_KNOWN))
        before = len(of_item)
        if kind != "mailing_address":
            of_item.append(("bench.loans", "bench.loans#address", NOT_KNOWN if kind is None else NOT_MET))
        if len(obstacles) == start and len(of_item) == before:
            opened = "bench.loans"
        elif all(o[2] == NOT_KNOWN for o in obstacles[start:]) and all(o[2] == NOT_KNOWN for o in of_item[before:]):
            may_open = True

    if covered is None or protected is None:
        unsure: list[Obstacle] = []
        if covered is None:
            unsure.append(("bench.general", "bench.general#applies_when", NOT_KNOWN))
        if protected is None:
            unsure.append(("bench.general", "bench.general#forbids", NOT_KNOWN))
        if opened is not None:
            return "open", opened, tuple(unsure)
        return "open", None, (*unsure, *obstacles, *of_item)
    if opened is not None:
        return "allow", opened, ()
    return "open" if may_open else "deny", None, (*obstacles, *of_item)
