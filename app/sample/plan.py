"""Who takes part in `kuwait-2024`, and what becomes of each: so that both reports come true.

On 3 November 463 people are nominated; on 5 November 512 have attended. The counts below are the
whole trick, each beside the sentence it serves.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from app.participants.rules import Mode, Rank, Role, Status
from app.sample.people import Casting, Person, culture_of, data
from app.states import catalogue

LATE_STATES = 4  # nominate on the first morning: 88 states then, 92 now …
NO_SHOW_STATES = 1  # … of which one never arrives: 91 Member States
EARLY_OF_STATES = 358  # with 105 of others: 463 nominated, "more than 450"
LATE_OF_STATES = 100
MINISTERS = 33  # nominated; two of them the host's
MINISTERS_REPLACED = 5  # by deputies on the eve: 28 attend, of 27 states
NO_SHOWS_OF_STATES = 20  # beside the ministers and the absent state's three
EXPERTS = 29  # of 13 associations; 24 attend
EXPERTS_ABSENT = 5
ATTESTED_MINISTERS = 22  # the others went through a scanner

ABSENT_STATE_PEOPLE = 3


def at(day: int, hour: int, minute: int = 0, *, month: int = 11) -> datetime:
    """An instant of 2024 on Kuwait's clocks (UTC+3, no summer time)."""
    return datetime(2024, month, day, hour, minute, tzinfo=UTC) - timedelta(hours=3)


class Plan:
    """The whole cast of the sample."""

    def __init__(self) -> None:
        self.casting = Casting(2024)
        self.random = self.casting.random
        self.people: list[Person] = []
        self.plot = data("kuwait-2024")
        self.states: list[str] = self.plot["accepted"].split()
        self._early_states()
        self._others()
        self._withdrawn_and_refused()
        self._late()
        self._excluded_roles()
        self._attend()

    def _cast(
        self, body: str, role: Role, rank: Rank | None, *, function: str = "", state: bool = True
    ) -> Person:
        culture = culture_of(catalogue.state(body)) if state else ""
        person = self.casting.person(body, culture, role, rank, function=function)
        self.people.append(person)
        return person

    def _registered(self, person: Person, *, approved: bool = True) -> Person:
        """Nominated, submitted and, of an evening, approved in September or October."""
        day = at(10, 9, month=9) + timedelta(
            days=self.random.randrange(48), minutes=self.random.randrange(480)
        )
        person.steps = [
            (Status.nominated, day),
            (Status.submitted, day + timedelta(hours=self.random.randrange(1, 30))),
        ]
        if approved:
            evening = (person.steps[-1][1] + timedelta(days=1)).replace(hour=15, minute=0, second=0)
            person.steps.append((Status.approved, evening))
        return person

    def _early_states(self) -> None:
        """The delegations of 88 states, a head each, ministers in 32 of them."""
        late = self.states[-1 - LATE_STATES : -1]
        early = [code for code in self.states if code not in late]
        absent = early[-1]
        ministries = [code for code in early if code not in ("KWT", absent)][: MINISTERS - 2]
        sizes = dict.fromkeys(early, 2) | {"KWT": 16, "TJK": 10, absent: ABSENT_STATE_PEOPLE}
        growing = [code for code in early if code not in ("KWT", "TJK", absent)]
        while sum(sizes.values()) < EARLY_OF_STATES:
            sizes[self.random.choice(growing)] += 1
        for number, code in enumerate(early):
            for place in range(sizes[code]):
                rank, role = self._rank(code, place, ministry=code in ministries, number=number)
                self._registered(self._cast(code, role, rank))
        self.absent = absent

    def _rank(self, code: str, place: int, *, ministry: bool, number: int) -> tuple[Rank, Role]:
        if code == "KWT" and place < 3:
            ranks = (Rank.crown_prince, Rank.foreign_minister, Rank.minister)
            return ranks[place], (Role.head, Role.deputy_head, Role.delegate)[place]
        if code == "TJK" and place < 2:
            ranks_of_two = (Rank.head_of_state, Rank.foreign_minister)
            return ranks_of_two[place], (Role.head, Role.deputy_head)[place]
        if place == 0 and ministry:
            return (Rank.foreign_minister if number % 5 == 0 else Rank.minister), Role.head
        if place == 0:
            heads = (Rank.deputy_minister, Rank.ambassador, Rank.ambassador, Rank.senior_official)
            return heads[number % 4], Role.head
        rank = Rank.senior_official if self.random.random() < 0.25 else Rank.official
        return rank, (Role.deputy_head if place == 1 else Role.delegate)

    def _others(self) -> None:
        """Observers, the United Nations, organisations, the Red Cross and the associations."""
        for number in range(3):
            role = Role.head if number == 0 else Role.delegate
            rank = Rank.ambassador if number == 0 else Rank.official
            self._registered(self._cast(self.plot["observer"], role, rank))
        bodies = {**self.plot["un"], **self.plot["agencies"], **self.plot["other"]}
        present = self.plot["organizations_present"].split()
        organizations = [*present, *self.plot["organizations_absent"].split()]
        bodies |= {code: 3 if code in present[:2] else 2 for code in organizations}
        for code, size in bodies.items():
            for number in range(size):
                head = number == 0
                leading = Rank.executive_head if code in present else Rank.senior_official
                role, rank = (Role.head, leading) if head else (Role.delegate, Rank.official)
                self._registered(self._cast(code, role, rank, state=False))
        names = [name for _, name, _ in self.plot["associations"]]
        for number in range(EXPERTS):
            self._registered(
                self._cast(names[number % len(names)], Role.expert, Rank.none, state=False)
            )

    def _withdrawn_and_refused(self) -> None:
        """Who was out before the forecast, and so is in neither report."""
        for number, code in enumerate(("EGY", "PAK", "KEN", "BRA", "ITA", "JPN")):
            person = self._registered(self._cast(code, Role.delegate, Rank.official))
            person.steps.append((Status.withdrawn, at(28, 10 + number, month=10)))
        for code in ("IND", "GBR", "NGA", "PHL"):
            person = self._registered(self._cast(code, Role.adviser, Rank.official), approved=False)
            person.steps.append((Status.refused, at(30, 12, month=10)))

    def _late(self) -> None:
        """The eve and the first morning: ministers kept at home, deputies and others sent."""
        ministers = [
            p
            for p in self.people
            if p.role is Role.head and p.rank in (Rank.minister, Rank.foreign_minister)
        ]
        late_states = self.states[-1 - LATE_STATES : -1]
        added = 0
        for minister in ministers[-MINISTERS_REPLACED:]:
            minister.steps.append((Status.withdrawn, at(4, 0, 30 + added)))
            self._arrives(self._cast(minister.body, Role.head, Rank.deputy_minister))
            added += 1
        for code in late_states:
            for place in range(3):
                role = Role.head if place == 0 else Role.delegate
                rank = Rank.ambassador if place == 0 else Rank.official
                self._arrives(self._cast(code, role, rank))
                added += 1
        sending = [code for code in self.states if code not in (*late_states, self.absent)]
        while added < LATE_OF_STATES:
            person = self._cast(self.random.choice(sending), Role.delegate, Rank.official)
            if added % 25 == 0:
                # A title that suggests a rank which nobody has decided yet.
                person.rank, person.suggested = None, Rank.ambassador
                person.function = "Ambassador"
            self._arrives(person)
            added += 1

    def _arrives(self, person: Person) -> None:
        """Registered on the spot: nominated, submitted and approved at the next full hour."""
        start = at(4, 7) + timedelta(minutes=self.random.randrange(300))
        submitted = start + timedelta(minutes=5)
        person.steps = [
            (Status.nominated, start),
            (Status.submitted, submitted),
            (Status.approved, (submitted + timedelta(hours=1)).replace(minute=0)),
        ]

    def _excluded_roles(self) -> None:
        """Staff, guards, spouses and the press: they have badges, and are no participants."""
        for code in self.states[:30]:
            self._registered(self._cast(code, Role.security, Rank.none))
        for code in self.states[:24]:
            self._registered(self._cast(code, Role.support, Rank.none))
        for code in self.states[:6]:
            self._registered(self._cast(code, Role.spouse, Rank.none))
        for number in range(24):
            outlet = self.plot["media"][number % len(self.plot["media"])]
            self._registered(self._cast(outlet, Role.media, Rank.none, state=False))
        committee = self.plot["organising_committee"][0]
        for _ in range(36):
            self._registered(self._cast(committee, Role.organiser, Rank.none, state=False))

    def _attend(self) -> None:
        absent = {id(person) for person in self._absent()}
        ministers = 0
        for person in self.people:
            here = person.steps[-1][0] is Status.approved and id(person) not in absent
            if not here:
                continue
            minister = person.rank in (Rank.minister, Rank.foreign_minister)
            principal = person.rank in (Rank.head_of_state, Rank.crown_prince)
            ministers += minister
            if principal or (minister and ministers <= ATTESTED_MINISTERS):
                person.attested = at(4, 9) + timedelta(minutes=self.random.randrange(20))
            else:
                self._scanned(person)

    def _absent(self) -> Iterable[Person]:
        """Who is nominated and does not come, chosen so that each body's share is right."""
        gone = [*self.plot["organizations_absent"].split(), self.absent]
        yield from (p for p in self.people if p.body in gone)
        experts = [p for p in self.people if p.role is Role.expert]
        yield from experts[-EXPERTS_ABSENT:]
        early = at(4, 0)
        plain = [
            p
            for p in self.people
            if p.rank is Rank.official
            and p.role is Role.delegate
            and p.body in self.states
            and p.body not in gone
            and p.steps[0][1] < early
            and p.steps[-1][0] is Status.approved
        ]
        for number, person in enumerate(self.random.sample(plain, NO_SHOWS_OF_STATES)):
            if number < 5:
                person.steps.pop()  # submitted, and never decided
            elif number < 8:
                person.steps.append((Status.withdrawn, at(4, 8, number)))
            elif number == 8:
                person.mode, person.remote = Mode.remote, at(4, 12)
            elif number < 11:
                person.collected = at(3, 16, number)
            yield person

    def _scanned(self, person: Person) -> None:
        """In on the first morning (some on the second), out at noon, in again; mostly both days."""
        approved = person.steps[-1][1]
        draw = self.random
        first = max(at(4, 7, 30), approved + timedelta(minutes=20))
        person.collected = first - timedelta(minutes=15)
        if draw.random() < 0.08 and approved < at(4, 0):
            first = at(5, 8)
            person.collected = at(4, 18)
        entry = first + timedelta(minutes=draw.randrange(90))
        person.entries = [entry]
        if entry < at(5, 0) and draw.random() < 0.8:
            person.entries.append(at(5, 8) + timedelta(minutes=draw.randrange(120)))
