"""Lines of other people's lists, in shapes of our own: which words are the title."""

import re

import pytest

from kdbot.intake.lists.reader import parse_readme_list
from kdbot.model.venue import Venues
from tests.rows import each

PAPER = "https://arxiv.org/abs/2101.00001"
OTHER = "https://arxiv.org/abs/2101.00002"
LINK = f"[[Paper]]({PAPER})"


def titles(text: str, venues: Venues) -> list[str]:
    return [paper.title for paper in parse_readme_list(f"## Maps\n\n{text}\n", venues).papers]


def test_words_in_a_rule_are_no_title(venues: Venues) -> None:
    line = "--- Pre-Night (Towns) ---  \n**Maps of Towns and of Streets**  \nAnn Lee, Bo Kim  \n"

    assert titles(f"{line}[ACL 2022]({PAPER})", venues) == ["Maps of Towns and of Streets"]


@each(
    ("line", "title"),
    [
        # Pipes, a linked title, and what is said of the paper.
        (
            f"[地图] | [Maps of Large Towns]({PAPER}) | 这篇论文提出了新的方法 | Lee et al,2014",
            "Maps of Large Towns",
        ),
        (f"[地图] | [Town Maps]({PAPER}) | 这篇论文提出了一种新的地图方法", "Town Maps"),
        # A label of the list's own between a title and its authors.
        *(
            (
                f"**Drawing Maps of Large Towns.** IEEE SPM, 2023.{label}\n\n *A. Lee, C. Roe*",
                "Drawing Maps of Large Towns",
            )
            for label in (
                " [Magazine](https://ieeexplore.ieee.org/document/1). ",
                "[Town](https://ieeexplore.ieee.org/document/1)",
                f" [Journal1]({PAPER}).  [Journal2]({OTHER})",
            )
        ),
        # A name in a tag, or in front of the whole title in brackets.
        (f"2. 【TownNet】: Maps of Large Towns {LINK}", "TownNet: Maps of Large Towns"),
        (f"[【TownNet】: Maps of Large Towns]({PAPER})", "TownNet: Maps of Large Towns"),
        (f"【ICLR】: Maps of Large Towns {LINK}", "Maps of Large Towns"),
        (f"TownNet (TownNet: Maps of Large Towns) {LINK}", "TownNet: Maps of Large Towns"),
        # What is around a title is not it, and a title keeps its own beginning.
        (
            f":white_check_mark: [Drawing Maps of Large Towns] [{LINK}]",
            "Drawing Maps of Large Towns",
        ),
        (
            f"One for One, or All for All: Maps of Towns {LINK}",
            "One for One, or All for All: Maps of Towns",
        ),
        (
            f"`[Towns10]` Lee et al. Towns10: Drawing Maps by Watching {LINK}",
            "Towns10: Drawing Maps by Watching",
        ),
        # A venue behind *in*, without its year or apart from it.
        (f"Drawing Maps of Towns in *AAAI*, 2022. {LINK}", "Drawing Maps of Towns"),
        (f"Drawing Maps of Towns in AAAI, 2022 {LINK}", "Drawing Maps of Towns"),
        (f"Drawing Maps of Towns in AAAI. {LINK}", "Drawing Maps of Towns"),
        (f"Ann Lee, Bo Roe. Drawing Maps of Towns in *AAAI* {LINK}", "Drawing Maps of Towns"),
        (f"Drawing Maps of Towns in BERT, 2022 {LINK}", "Drawing Maps of Towns in BERT"),
        (f"Drawing Maps of Towns in *Motion* {LINK}", "Drawing Maps of Towns in Motion"),
        (f"Drawing Maps of Non-i.i.d. Towns {LINK}", "Drawing Maps of Non-i.i.d. Towns"),
        (f"**Atlas**: Atlas: Drawing Maps of Towns {LINK}", "Atlas: Drawing Maps of Towns"),
        (f"Atlas: Atlases: Drawing Maps of Towns {LINK}", "Atlas: Atlases: Drawing Maps of Towns"),
        (f':flag: **Atlas**: "*Drawing Maps of Towns*" {LINK}', "Drawing Maps of Towns"),
        (f"Drawing Maps of Towns, Sensors 2023 {LINK}", "Drawing Maps of Towns"),
        (f'Atlas: "Drawing Maps of Towns", ACL 2023 {LINK}', "Drawing Maps of Towns"),
        # A title over two lines.
        (f"**Drawing Maps of Large Towns:\n  A Survey** *Ann Lee* {LINK}", None),
        (f'**Atlas**: "Drawing Maps of Large Towns:\n  A Survey". ACL(2019) {LINK}', None),
        (f"**Drawing Maps\n  of Large Towns,\n  and Rivers.**\n  _Ann Lee, Bo Roe_. {LINK}", None),
        # A title with quotes inside its quotes.
        (
            f'**Walk**: ""On Foot We Learn": Drawing Maps of Towns". arXiv(2024) {LINK}',
            '"On Foot We Learn": Drawing Maps of Towns',
        ),
        # Authors first.
        (f"A. Lee, B. Roe, C. Doe, Town Maps {LINK}", "Town Maps"),
        (f"A. B. Lee and C. Roe, A Survey of Maps (Cartography 1994) {LINK}", "A Survey of Maps"),
        (
            f"Ann Lee, Bo Roe, Cy D. Poe, Drawing Maps of Towns. ArXiv, 16 Oct 2015. {LINK}",
            "Drawing Maps of Towns",
        ),
        (f"Ann Lee, Bo Roe, Cy Doe, Large Town Maps, NIPS, 2014. {LINK}", "Large Town Maps"),
        (
            f"Ann Lee, Bo Roe, Walk, Look and Draw: Maps of Towns, ECCV, 2016. {LINK}",
            "Walk, Look and Draw: Maps of Towns",
        ),
        (
            f"Ann Lee, Bo Roe, Learning to Draw Towns, Machine Learning, 1996. {LINK}",
            "Learning to Draw Towns",
        ),
        (
            f"Ann Lee, Bo Roe, Cy Doe, Faster T-MAP: Drawing Maps of Towns, ICCV, 2015. {LINK}",
            "Faster T-MAP: Drawing Maps of Towns",
        ),
        (
            f"Lee, A., Roe, B., Mahony., C.,  \n*[Maps of Large Towns]({PAPER})*,  \nECCV, 2021.",
            "Maps of Large Towns",
        ),
        # Names of things are no people.
        (
            f"Town Maps, Large Atlases, and Street Plans: A Survey of Drawing {LINK}",
            "Town Maps, Large Atlases, and Street Plans: A Survey of Drawing",
        ),
        (f"Town Plans and River Maps {LINK}", "Town Plans and River Maps"),
        (f"Self-Drawn Plans and Wide Maps {LINK}", "Self-Drawn Plans and Wide Maps"),
        (
            f"A map of towns: When do rivers leave it? In *ICML 2018*. {LINK}",
            "A map of towns: When do rivers leave it?",
        ),
        (f"Large Town Maps (2017), A. Lee et al. {LINK}", "Large Town Maps"),
        (f"**Town Maps** (2016), A. Lee et al. {LINK}", "Town Maps"),
        # What stands in front and behind.
        (f"**SemEval-2010 Task 8: Drawing Maps of Towns** {LINK}", None),
        (f"**Index of Town Maps, Progress Report 2008.** {LINK}", None),
        (f"Drawing Large Maps Workshop @ WACV 2024 {LINK}", "Drawing Large Maps Workshop"),
        (f"Drawing Maps of Towns, in CVPR 2023. {LINK}", "Drawing Maps of Towns"),
        (f"Drawing Maps of Towns (accepted by CVPR 2023) {LINK}", "Drawing Maps of Towns"),
        (f"Drawing Maps of Towns, 2023/05 {LINK}", "Drawing Maps of Towns"),
        (f"Drawing Maps of Towns (2023.05) {LINK}", "Drawing Maps of Towns"),
        (f"Drawing Maps of Towns 2023 {LINK}", "Drawing Maps of Towns"),
        (f"Drawing Maps of Towns, CVPR2023 (oral) {LINK}", "Drawing Maps of Towns"),
        (f"(Oral) Drawing Maps of Towns {LINK}", "Drawing Maps of Towns"),
        (f"(**MapNet**) Drawing Maps of Towns, Lee et al. {LINK}", "Drawing Maps of Towns"),
        (f"Drawing Maps of Towns by Ann Lee, Bo Roe {LINK}", "Drawing Maps of Towns"),
        (f"[Drawing Maps of Towns. Ann Lee, Bo Roe. CVPR 2020]({PAPER})", "Drawing Maps of Towns"),
        (
            f'[Ann Lee, Bo Roe, "Drawing Maps of Towns", CVPR 2020]({PAPER})',
            "Drawing Maps of Towns",
        ),
        (
            f"Paper: [Drawing Maps of Towns]({PAPER}), Code: [a/b](https://github.com/a/b)",
            "Drawing Maps of Towns",
        ),
        (f"A. Lee, Town Maps [[Book]](https://a.org/b) {LINK}", "Town Maps"),
        # Authors whose family names come first, in front of a quoted link.
        (
            f'Lee, Ann-Mo, Bo Roe, and Cy Doe. ["Drawing Maps of Towns."]({PAPER}) 8th Conf.',
            "Drawing Maps of Towns",
        ),
        (f'Lee, Ann, et al. [""On Foot": Maps of Towns."]({PAPER})', '"On Foot": Maps of Towns'),
        # A venue that no file knows, with its year and a colon.
        (f"Mapcom 2021: Drawing Maps of Towns {LINK}", "Drawing Maps of Towns"),
        (f"ACM MA2021: Drawing Maps of Towns {LINK}", "Drawing Maps of Towns"),
        (f"CVPR2018： Drawing maps of towns {LINK}", "Drawing maps of towns"),
        (f"CVPR20: Drawing Maps of Towns {LINK}", "Drawing Maps of Towns"),
        (f"CVPR 2020: Shared Maps of Towns {LINK}", "Shared Maps of Towns"),
        (f"MapIt 2019: Dataset of Town Maps {LINK}", "MapIt 2019: Dataset of Town Maps"),
        (f"TOWN-19: Maps of a Year {LINK}", "TOWN-19: Maps of a Year"),
        # A name that the list puts behind the title, or in front of it in bold.
        (f"Drawing Maps of Towns(MapNet){LINK}", "Drawing Maps of Towns"),
        (f"Learning All Maps of Old Towns(LAMOT){LINK}", "Learning All Maps of Old Towns"),
        (f"Drawing Maps of map()s {LINK}", "Drawing Maps of map()s"),
        (f"***Draw Me the Town:*** Maps on Foot {LINK}", "Draw Me the Town: Maps on Foot"),
        # Links in brackets that are no title.
        (
            f"[[CVPR2019]({PAPER})] Drawing Town Maps [[C++ & Qt](https://a.org/a.zip)]",
            "Drawing Town Maps",
        ),
        (
            f"[[CVPR2019]({PAPER})] Drawing Town Maps [[pytorch & jax](https://github.com/a/b)]",
            "Drawing Town Maps",
        ),
        (f"[[Drawing Maps of Towns]({PAPER})] CVPR 2019", "Drawing Maps of Towns"),
        # Titles over two lines, open at the end of the first.
        (
            f"[[CVPR2019]({PAPER})] Drawing Maps via\nAtlases of Towns",
            "Drawing Maps via Atlases of Towns",
        ),
        (f"Drawing Maps:\nAtlases of Towns, {LINK}", "Drawing Maps: Atlases of Towns"),
        # A whole citation inside a link.
        (
            f'[Lee, Ann R., and Bo Roe. "Maps of towns." Maps 70, no. 1 (1983): 41-5.]({PAPER})',
            "Maps of towns",
        ),
        (
            f'[Lee, Ann R. "Maps of all towns." In Proc. of Maps, 2019.]({PAPER})',
            "Maps of all towns",
        ),
        (f"[Lee, A., Roe, B., & Doe, C. (2021, April). Town Maps. In Maps.]({PAPER})", "Town Maps"),
        (f'[Town Maps "Speak Up" to Rivers]({PAPER})', 'Town Maps "Speak Up" to Rivers'),
        (f"**[MAP]** Maps of Towns on Foot (**M-PR**) {LINK}", "Maps of Towns on Foot"),
        # The year first, and the authors' names without more behind the title.
        (
            f"2018, Drawing Maps of Towns, [Lee](https://github.com/lee). {LINK}",
            "Drawing Maps of Towns",
        ),
        (f"2020， Drawing Maps of Towns, Lee, Roe & Doe. {LINK}", "Drawing Maps of Towns"),
        (f"[CVPR 2020] (App) Drawing Maps of Towns. {LINK}", "Drawing Maps of Towns"),
        (f"(Large) Maps by Town Models {LINK}", "(Large) Maps by Town Models"),
        (
            f"[CVPR 2020] Drawing maps with many levels for\n  classification. {LINK}",
            "Drawing maps with many levels for classification",
        ),
        (f"Drawing Towns, Rivers, Maps {LINK}", "Drawing Towns, Rivers, Maps"),
        (f"Drawing Maps of Towns [arxiv 2024.01] {LINK}", "Drawing Maps of Towns"),
        (f"Learning to draw better than your map {LINK}", "Learning to draw better than your map"),
        # Tags, dates and other links behind.
        (f"Drawing Large Maps [**`tag`**] {LINK}", "Drawing Large Maps"),
        (f"[**MAP**] MAP: Drawing Large Maps (**TOMM**) {LINK}", "MAP: Drawing Large Maps"),
        (f"[[arXiv]({PAPER})] Can Maps Walk? A Study. `2023.08`", "Can Maps Walk? A Study"),
        (f"_Drawing Large Maps_ (TIP 2020) [[IEEE Explore]]({PAPER})", "Drawing Large Maps"),
        (
            f"[Star Map]({PAPER}): Drawing Towns at Night| NVIDIA",
            "Star Map: Drawing Towns at Night",
        ),
        (f"How Do Large Maps Fail? (ATLAS-9) {LINK}", "How Do Large Maps Fail?"),
        (
            f"Star Trees and Moons for Maps of Towns (STM) {LINK}",
            "Star Trees and Moons for Maps of Towns",
        ),
        (f"Maps by Large Drawing Units (LDUs) {LINK}", "Maps by Large Drawing Units (LDUs)"),
        (f"Drawing maps: a review, in *Towns and Rivers* 2019. {LINK}", "Drawing maps: a review"),
        (f"Drawing Maps, in Annals of Towns and Rivers 2019. {LINK}", "Drawing Maps"),
        # A short title in a link, with people behind it.
        (f"[Town Maps]({PAPER}) - A. Lee and B. Roe CVPR2015.", "Town Maps"),
        (f"[Map R-CNN]({PAPER}) - A. Lee et al, [[a + b]](https://github.com/a/b)", "Map R-CNN"),
        # A venue in the link, and its name in front of a linked title.
        (
            f"[[AACL 2023 System Demonstrations]({PAPER})] MapKit: A Library of Towns.",
            "MapKit: A Library of Towns",
        ),
        (
            f"Large Map Models (work on towns of all kinds): [Large Map Models: A Study]({PAPER})",
            "Large Map Models: A Study",
        ),
        (
            f"**Drawing Maps of Towns by Night**  \n  Ann Lee  \n  [Nature 47.4 (2021)]({PAPER})",
            "Drawing Maps of Towns by Night",
        ),
        (f"[See, Say, and Map: Teaching Towns]({PAPER})", "See, Say, and Map: Teaching Towns"),
        (
            f"**Plan, Zoom, and Map -- Towns Are Good** [[pdf]]({PAPER})",
            "Plan, Zoom, and Map -- Towns Are Good",
        ),
        (f"[Hey Towns! Can you map us by night?]({PAPER})", "Hey Towns! Can you map us by night?"),
        (
            f"[Maps can mislead you; keeping roads may help]({PAPER})",
            "Maps can mislead you; keeping roads may help",
        ),
        (
            f"[Zoom in, Walk out: Mapping Towns Anew]({PAPER})",
            "Zoom in, Walk out: Mapping Towns Anew",
        ),
        (
            f"[Faster and More Accurate Maps]({PAPER}) | [2019/03]",
            "Faster and More Accurate Maps",
        ),
        # A title that links to a note beside the list, and a date on either side.
        (
            f"[An operator view of town maps](notes/1.md) 22 Jun 2020 [arxiv]({PAPER})",
            "An operator view of town maps",
        ),
        (f"2021.07 3D Maps for Large Towns: A Survey {LINK}", "3D Maps for Large Towns: A Survey"),
        # The title below the name of a model, its maker and its month.
        (
            f"**TownGPT** [[Maps]]() Mar. 2022 [close]\n  Drawing maps to follow streets {LINK}",
            "Drawing maps to follow streets",
        ),
        (
            f"**TOWN 3.0** [[Maps]]() 2021\n  TOWN 3.0: Drawing Large Maps [[NAACL'18]]({PAPER})",
            "TOWN 3.0: Drawing Large Maps",
        ),
        (
            f"**GPT-4** [[Maps]]() Mar 2023\n  GPT-4 Technical Report [[Preprint]]({PAPER})",
            "GPT-4 Technical Report",
        ),
        (
            f"**TownGPT** [[Maps]]() Nov. 2022\n  A town model trained on many maps {LINK}",
            "TownGPT",
        ),
        (
            f"**Switch Town** [[Maps]]() Jan. 2021\n  Switch Towns: Drawing Maps [[pdf]]({PAPER})",
            "Switch Towns: Drawing Maps",
        ),
        # A translation behind it.
        (f"**Do Maps Transfer to Towns?(地图的迁移?)** {LINK}", "Do Maps Transfer to Towns?"),
        (
            f"**M5: Maps for Towns(城镇地图)(数据集) **(Oral Presentation) {LINK}",
            "M5: Maps for Towns",
        ),
        # A venue in a link in front of it.
        (f"[[Transactions on Town Maps]({PAPER})] Drawing Large Maps", "Drawing Large Maps"),
        (f"[RePo: Resilient Town Drawing]({PAPER})", "RePo: Resilient Town Drawing"),
        # Numbers, dates and venues with hyphens, tags on either side.
        (f"2019-CVPR-Drawing Maps of Large Towns {LINK}", "Drawing Maps of Large Towns"),
        (f"2019-CVPRw-Drawing Maps of Large Towns {LINK}", "Drawing Maps of Large Towns"),
        (f"2019-arXiv-[Drawing Maps of Large Towns]({PAPER})", "Drawing Maps of Large Towns"),
        (f"[2019-NeurIPS-Drawing Maps of Towns]({PAPER})", "Drawing Maps of Towns"),
        (f"CVPR2019-Drawing Maps of Large Towns {LINK}", "Drawing Maps of Large Towns"),
        (f"2019-nCoV: Drawing Maps of Towns {LINK}", "2019-nCoV: Drawing Maps of Towns"),
        (f"2018 Town Mapping Challenge Report {LINK}", "2018 Town Mapping Challenge Report"),
        (f"#1 Drawing Maps of Large Towns {LINK}", "Drawing Maps of Large Towns"),
        (f"**2021** Drawing Maps of Large Towns {LINK}", "Drawing Maps of Large Towns"),
        (f"**[Towns]** **[Maps]** Drawing Maps of Towns {LINK}", "Drawing Maps of Towns"),
        (f"Drawing Maps of Large Towns [Towns] [Maps] {LINK}", "Drawing Maps of Large Towns"),
        # Authors behind other marks.
        (f"Drawing Maps of Towns <sub>Ann Lee, Bo Kim</sub> {LINK}", "Drawing Maps of Towns"),
        (f"Drawing Maps of Towns, by Ann Lee *et al.* {LINK}", "Drawing Maps of Towns"),
        (f"Drawing Maps of Towns / Ann Lee, Bo Kim / ACL 2021 {LINK}", "Drawing Maps of Towns"),
        (f"``Drawing Maps of Towns'', Lee et al., {LINK}", "Drawing Maps of Towns"),
        (
            f"**Title**: Drawing Maps of Towns. **Authors**: Ann Lee. {LINK}",
            "Drawing Maps of Towns",
        ),
        # A name set apart from the title behind it.
        (f"**TownNet** Drawing Maps of Large Towns {LINK}", "Drawing Maps of Large Towns"),
        (f"**TownNet.** Drawing Maps of Towns. *Ann Lee, Bo Roe*. {LINK}", "Drawing Maps of Towns"),
        (f"[TownNet]({PAPER}) (Drawing Maps of Large Towns)", "Drawing Maps of Large Towns"),
        (f"**BERT** Rediscovers the Old Town Maps {LINK}", "BERT Rediscovers the Old Town Maps"),
        # A name, and what is said of it.
        (
            f"[TownNet]({PAPER}) - Tsung-Yi Lin, Ann Goyal and Bo Roe.[[Code]](https://a.org/c)",
            "TownNet",
        ),
        (f"[**shap**](https://github.com/a/b): Library for maps. Works everywhere {LINK}", "shap"),
        (f"**TownSet**: contains 10k maps of towns {LINK}", "TownSet"),
        (f"🔥 **TownSet**: contains 10k maps of towns {LINK}", "TownSet"),
        # What a title means in another language.
        (f"[Drawing Maps of Large Towns (큰 도시 지도)]({PAPER})", "Drawing Maps of Large Towns"),
        (f"**TownNet**: Maps of Large Towns {LINK}", "TownNet: Maps of Large Towns"),
        (f"[ICLR 2023] iMap: A Map of Large Towns {LINK}", "iMap: A Map of Large Towns"),
        (f"***Town-P2P:*** Maps of Large Towns {LINK}", "Town-P2P: Maps of Large Towns"),
        (f"**TownNet:** Maps of Large Towns {LINK}", "TownNet: Maps of Large Towns"),
        (
            f'**TownNet:** Lee, Ann; Bo Roe; CyX.<br>\n "Maps of Large Towns." ACL (2023). {LINK}',
            "Maps of Large Towns",
        ),
        (f"[TownSet](https://a.org/set), note: the link is broken {LINK}", "TownSet"),
        (f"T5 {LINK}", "T5"),
        # A venue whose letters the title happens to have, and one glued to it.
        (
            f"Pillar-based Object Detection for Autonomous Driving (ECCV2020) {LINK}",
            "Pillar-based Object Detection for Autonomous Driving",
        ),
        (f"[Drawing: Maps for Large Towns.ASPLOS'23]({PAPER})", "Drawing: Maps for Large Towns"),
        # What a picture shows is no title, nor is a remark behind a label.
        (f"[![A picture of a large town](https://a.org/x)]({PAPER}) Town Maps", "Town Maps"),
        (f"Drawing Town Maps [![Look at it here](https://a.org/x)]({PAPER})", "Drawing Town Maps"),
        (
            f"Drawing Maps of Towns\n  - [PDF]({PAPER}) - first\n  - [PDF2]({OTHER}) - longer",
            "Drawing Maps of Towns",
        ),
        # The parts of one paper.
        (f"Drawing Maps of Towns: [Part 1]({PAPER}), [Part 2]({OTHER})", "Drawing Maps of Towns"),
        (f"[Drawing Maps]({PAPER}) [Part I]({OTHER}) [Part II](https://a.org/2)", "Drawing Maps"),
        # A subtitle, or something else, behind a dash.
        (f"TownNet: Drawing Maps - a survey {LINK}", "TownNet: Drawing Maps - a survey"),
        (f"TownNet: Drawing Maps - from towns to rivers {LINK}", None),
        (f"TownNet: Drawing Maps – Towards Better Rivers {LINK}", None),
        (f"TownNet: Drawing Maps – Part II {LINK}", None),
        (f"TownNet: Drawing Maps of Towns - Best Paper {LINK}", "TownNet: Drawing Maps of Towns"),
        (f"TownNet: Drawing Maps of Towns - good start {LINK}", "TownNet: Drawing Maps of Towns"),
        (f"TownNet: Drawing Maps of Towns - Ann Lee {LINK}", "TownNet: Drawing Maps of Towns"),
        # A venue in code with no space behind it, quotes around a link or behind a name.
        (f"`MAP(2024)`Drawing Maps of Towns **[[PDF]({PAPER})]**", "Drawing Maps of Towns"),
        (f"`MAP(2024)`Atlas: Drawing Maps **[[PDF]({PAPER})]**", "Atlas: Drawing Maps"),
        (f"A. B. Lee and C. Roe, “[Maps of Large Towns]({PAPER})”, Maps.", "Maps of Large Towns"),
        (f'Atlas: "Town Maps" MAP. {LINK}', "Town Maps"),
        (
            f'**Atlas:** Lee, Ann and Roe, Ale\\v{{s}}.<br>\n  "Large Maps of Towns." MAP.\n{LINK}',
            "Large Maps of Towns",
        ),
        (f'**Atlas:** Lee, M.<br>\n  "Atlas: maps of towns." Map Comput (2026).\n{LINK}', None),
        ("**MapVQA** <br>\nAnn Lee, Bo Roe <br>\n[MAP 2022](https://a.org/map.pdf)", "MapVQA"),
        (
            "[**Drawing Maps of Towns**](https://a.org/en/article/doi/10.11999/MAP231) [![x](y)]()",
            "Drawing Maps of Towns",
        ),
        # A venue with its short year, and a title with a semicolon.
        (f"ICMAP'22 Atlas: Drawing Maps of Towns {LINK}", "Atlas: Drawing Maps of Towns"),
        (f"IEEE-TMAP'22 Drawing Maps of Towns {LINK}", "Drawing Maps of Towns"),
        (f"Maps can mislead you; keeping roads may help {LINK}", None),
        # A name and the first author, a name before a whole citation, an empty link.
        (
            f"[Drawing Maps of Large Towns(MapNet): Lee et al.]({PAPER})",
            "Drawing Maps of Large Towns",
        ),
        (f"[MapNet: Lee and Roe et al]({PAPER})", "MapNet"),
        (
            f"[MapNet (Town Map Nets): Lee, A., ... & Roe, B. (2018). Town Map Nets.]({PAPER})",
            "Town Map Nets",
        ),
        (
            f"[Map2Town: Lee, A., & Roe, B. C. (2018a). Maps of Towns: A Study.\n]({PAPER})",
            "Maps of Towns: A Study",
        ),
        ("(MLSys'24) Drawing Maps of Towns (link)[] [Towns, Maps | HKU]", "Drawing Maps of Towns"),
        # Two addresses with a comma between them.
        (f"TownNet [{PAPER},https://maps.example.org/towns/] [2017]", "TownNet"),
    ],
)
def test_title_is_told_from_what_stands_around_it(
    line: str, title: str | None, venues: Venues
) -> None:
    if title is None:
        marked = line.split('"')[1] if '"' in line else (line.split("**")[1:] or [line])[0]
        marked = marked.partition(LINK)[0]
        title = " ".join(marked.split()).rstrip(".")

    assert titles(f"- {line}", venues) == [title]


@each(
    "text",
    [
        f"-[Drawing Maps of Towns]({PAPER})\n-[Drawing Rivers of Towns]({OTHER})",
        f"1.[Drawing Maps of Towns]({PAPER})\n2.[Drawing Rivers of Towns]({OTHER})",
        (
            f"*Ann Lee. 2018. [Drawing Maps of Towns]({PAPER}). In *Proceedings of ACL*.\n"
            f"*Bo Roe. 2018. [Drawing Rivers of Towns]({OTHER}). In *Proceedings of ACL*."
        ),
        (
            f"-(**ACL'20**) Drawing Maps of Towns [[paper]({PAPER})]\n"
            f"-**Drawing Rivers of Towns** [[paper]({OTHER})]"
        ),
        # Not a block of code, which would hide the rest.
        (
            f"- **Drawing Maps of Towns**\n\n  ```2023/06``` [[paper]]({PAPER})\n\n"
            f"- [Drawing Rivers of Towns]({OTHER})"
        ),
    ],
    ids=["dash", "number", "star", "dash and tag", "date in three backticks"],
)
def test_items_that_are_only_nearly_markdown_are_read(text: str, venues: Venues) -> None:
    assert titles(text, venues) == ["Drawing Maps of Towns", "Drawing Rivers of Towns"]


LONG = "Drawing Maps of the Large Towns and of the Small Rivers between Them from Few Measurements"


@each(
    ("text", "title", "venue", "authors"),
    [
        (f"**{LONG}**\n\n*Ann Lee, Bo Roe*\n\nACL 2024. {LINK}", LONG, "ACL 2024", 2),
        (
            f"**Maps of Towns**\n\nAnn Lee et al.\n\nACL 2024. {LINK}",
            "Maps of Towns",
            "ACL 2024",
            0,
        ),
        (
            (
                f"**Maps of Towns**. ICML19.\n\n<a href='{PAPER}'><img alt='link' "
                "src='https://img.shields.io/badge/-Link-blue'></a>\n\n> We draw maps of towns."
            ),
            "Maps of Towns",
            "ICML19",
            0,
        ),
        (
            f"> *(MapNet)* **Maps of Towns.** Ann Lee, Bo Roe. ICML 2013.\n- {LINK}\n- good maps",
            "Maps of Towns",
            "ICML 2013",
            2,
        ),
        (
            f"**Maps of Towns**. Ann Lee, Bo Roe. ACL 2018.\n- [paepr]({PAPER})",
            "Maps of Towns",
            "ACL 2018",
            2,
        ),
        (
            f"**Maps of Towns**. Ann Lee, Bo Roe. ACL 2018.\n- [papier]({PAPER})\n- good maps",
            "Maps of Towns",
            "ACL 2018",
            2,
        ),
        (
            f"Maps of Large Wide Towns\n\nAnn Lee, Bo Roe\n\n{LINK}",
            "Maps of Large Wide Towns",
            None,
            2,
        ),
        (
            f"**Maps of Wide Towns**\n\nLee et al., *ACL 2021*\n\n{LINK}",
            "Maps of Wide Towns",
            "ACL 2021",
            0,
        ),
        (f"A map of Wide towns, ACL 2024 {LINK}", "A map of Wide towns", "ACL 2024", 0),
        (
            f"A guide to drawing Wide maps on foot (**ACL 2024**) {LINK}",
            "A guide to drawing Wide maps on foot",
            "ACL 2024",
            0,
        ),
        (
            f"## Town Maps\n\n**Town Networks**. Ann Lee, Bo Roe, Cy Doe.\n- {LINK}",
            "Town Networks",
            None,
            3,
        ),
        (
            f"Drawing of Towns\n\n**Town Networks**. Ann Lee, Bo Roe, Cy Doe. ACL 2015\n- {LINK}",
            "Town Networks",
            "ACL 2015",
            3,
        ),
        (f"**Maps of Towns**\n- [mixmap]({PAPER})\n- [cutmap]({OTHER})", "mixmap", None, 0),
    ],
)
def test_lines_below_a_title_are_of_its_paper(
    text: str, title: str, venue: str | None, authors: int, venues: Venues
) -> None:
    paper, *_ = parse_readme_list(f"## Maps\n\n{text}\n", venues).papers

    assert (paper.title, paper.venue, len(paper.authors)) == (title, venue, authors)
    assert paper.urls == (PAPER,)


def test_column_that_links_to_the_paper_holds_the_title(venues: Venues) -> None:
    table = (
        "| Date | Publication | Paper |\n|:-:|:-:|:-:|\n"
        f"| 22.11 | NIPS2022(ML Workshop) | [Drawing Maps of Towns]({PAPER}) |"
    )

    assert titles(table, venues) == ["Drawing Maps of Towns"]


def test_name_that_links_to_a_paper_counts_more_than_a_number(venues: Venues) -> None:
    table = (
        "| Dataset | Year | Size | Project |\n|--|--|--|--|\n"
        f"| [Town Captions]({PAPER}) | 2016 | 1.5M | [Project](https://github.com/a/b) |"
    )

    assert titles(table, venues) == ["Town Captions"]


@each(
    ("text", "found"),
    [
        (
            f"- Drawing Maps of Towns\n  by Night (NIPS, 2022) {LINK}",
            "Drawing Maps of Towns by Night",
        ),
        (f"- Drawing Maps of Towns\n  NIPS 2022 {LINK}", "Drawing Maps of Towns"),
        (f"- Drawing Maps of Towns\n  Ann Lee, Bo Kim. {LINK}", "Drawing Maps of Towns"),
        (f"<b>Maps of Towns\nby Night (2018)</b> {LINK}", "Maps of Towns by Night"),
        (f":gem: <b>Maps of towns by night (2018)</b> {LINK}\n<p>a</p>", "Maps of towns by night"),
    ],
)
def test_title_goes_on_in_the_next_line(text: str, found: str, venues: Venues) -> None:
    assert titles(text, venues) == [found]


def test_each_line_of_a_paragraph_with_title_and_link_is_an_entry(venues: Venues) -> None:
    lines = f"Maps of towns by night (ACL, 2019) {LINK}\nRivers: A study of towns (ACL, 2020) "

    found = titles(f"{lines}[[paper]]({OTHER})", venues)

    assert found == ["Maps of towns by night", "Rivers: A study of towns"]


def test_bold_lines_between_links_are_titles_of_their_own(venues: Venues) -> None:
    text = f"**Maps of Large Towns**<br>\n{LINK}\n<br>\n**Dual Output Maps**<br>\n[[pdf]({OTHER})]"
    found = parse_readme_list(f"## Maps\n\n{text}\n", venues).papers

    assert [(paper.title, paper.urls, paper.authors) for paper in found] == [
        ("Maps of Large Towns", (PAPER,), ()),
        ("Dual Output Maps", (OTHER,), ()),
    ]


@pytest.mark.parametrize(
    "line",
    [
        f"- [Hands17 Workshop] Back to Maps: Tracking of Towns and Rivers {LINK}",
        f"- Back to Maps: Tracking of Towns and Rivers {LINK} *(Best Paper Award)*",
    ],
)
def test_workshop_and_award_are_no_authors(line: str, venues: Venues) -> None:
    [paper] = parse_readme_list(f"## Maps\n\n{line}\n", venues).papers

    assert paper.authors == ()


@each(
    ("text", "field"),
    [
        (
            f'- Atlas: "Maps of Large Towns" ACL. {LINK}  \n  多任务的统一，主要是解决问题。',
            "Description",
        ),
        (f'- Atlas: "Maps of Large Towns" ACL. {LINK}  \n  A short note.', "Description"),
        (f"- Maps of Large Towns {LINK}\n  - Ann Lee, Bo Kim, Cy Roe et al.", "Description"),
        (f"- Maps of Large Towns {LINK}\n  - Authors: The map group", "Description"),
        (f"- Maps of Large Towns {LINK}\n  - Date: some time soon", "Description"),
        (f"|Title|Authors|Link|\n|-|-|-|\n|Maps of Large Towns|Lee et al.|{LINK}|", "Description"),
        (f"- **Maps of Large Towns(大城镇地图)** {LINK}", "Translation"),
        (f"- **Maps of Large Towns(大地图)(**数据集**)** {LINK}", "Translation"),
        (
            (
                "<table>\n<tr>\n<td rowspan='2'>2025-01-25</td>\n"
                "<td><b>Maps of Large Towns</b></td>\n"
                f"<td><a href='{PAPER}'>pdf</a></td>\n</tr>\n<tr>\n<td colspan='2'>\n"
                "• It draws maps of towns with little work.</td></tr></table>"
            ),
            "Description",
        ),
    ],
    ids=[
        "another language",
        "short",
        "cut short",
        "group",
        "date",
        "cell",
        "translation",
        "two of them",
        "row",
    ],
)
def test_what_else_is_said_of_a_paper_is_kept(text: str, field: str, venues: Venues) -> None:
    [paper] = parse_readme_list(f"## Maps\n\n{text}\n", venues).papers

    assert paper.title == "Maps of Large Towns"
    [(name, (value,))] = paper.extra
    assert name == field
    bare = re.sub(r"[*()]", " ", text)
    assert value in " ".join(bare.split())


def test_identifier_and_site_as_labels_are_no_titles(venues: Venues) -> None:
    text = (
        "**Drawing Maps of Towns.**  \nA. B. Lee, C. Roe, D. Doe.  \n*Nature Methods, 2019.*  \n"
        "[[10.1038/s41592-019-0583-8](https://doi.org/10.1038/s41592-019-0583-8)]  \n"
        "Preprint available on [[bioRxiv](https://www.biorxiv.org/content/10.1101/565606v1)]"
    )

    assert titles(text, venues) == ["Drawing Maps of Towns"]


def test_two_papers_in_one_paragraph_are_two(venues: Venues) -> None:
    text = (
        "**Drawing Maps of Towns.**  \nAnn Lee, Bo Roe.  \n"
        "[[10.1371/journal.pcbi.1009853](https://doi.org/10.1371/journal.pcbi.1009853)]\n"
        "**Drawing Maps of Rivers**\nCy Doe, Di Poe.  \n"
        "[[10.1101/2022.05.24.493213](https://doi.org/10.1101/2022.05.24.493213)]"
    )

    assert titles(text, venues) == ["Drawing Maps of Towns", "Drawing Maps of Rivers"]


def test_venue_with_its_year_in_brackets_tells_a_paper_without_a_link(venues: Venues) -> None:
    text = "- Drawing Maps of Large Towns (ICLR 2017)\n- Drawing Maps of Wide Rivers (ACL, 2019)"
    text += "\n- [ICLR 2017] iMap: A Map of Large Towns. [Paper]. [Code]"

    found = parse_readme_list(f"## Maps\n\n{text}\n", venues).papers
    assert [(paper.title, bool(paper.venue)) for paper in found] == [
        ("Drawing Maps of Large Towns", True),
        ("Drawing Maps of Wide Rivers", True),
        ("iMap: A Map of Large Towns", True),
    ]


@each(
    "text",
    [
        f"In addition, it speaks of maps, towns, rivers, and more.\nRead the [paper]({PAPER}).",
        f"- It combines what is written there with [MAP]({PAPER}).",
        f"- **Use of Maps**: It is shown by all that maps are of use [[arXiv 2025]]({PAPER}).",
        f"Please cite [our survey paper]({PAPER}) if it helps.",
        (
            f"[Town Path Walker]({PAPER}) defines as large a town with new streets that go on,"
            f" and [Survey of Streets in Large Towns]({OTHER}) defines as small what has no street"
            " and no maps of it."
        ),
        f"- Drawing of Maps by [Lee & Roe (2021)]({PAPER})",
        f"- the large town perspective based on [Lee & Roe, (2019)]({PAPER})",
        f"- Yet, we are still there to draw maps. There is [a good map]({PAPER}) that shows it.",
        f"More works on **maps of towns and rivers** can be found in this [survey]({PAPER}).",
        f"A map of it is in the atlas of Ann Lee (ACL 2024) [[paper]]({PAPER})",
        f"__Our survey on maps is now available. Please look at it on [arXiv]({PAPER}).__",
    ],
)
def test_sentence_is_no_title(text: str, venues: Venues) -> None:
    found = parse_readme_list(f"## Maps\n\n{text}\n", venues)

    assert not found.papers
    assert len(found.unread) == 1


def test_sentence_about_a_linked_paper_is_no_entry(venues: Venues) -> None:
    text = f"[Drawing Maps of Towns]({PAPER}) is a task close to ours, with a list of its own."

    assert titles(text, venues) == []


@pytest.mark.parametrize(
    "line",
    [
        "Conference on Computer Vision and Pattern Recognition(CVPR)",
        f"[ICCV2021 Workshop on Town Maps (WTM)](https://a.org/iccv21/), [note]({PAPER})",
        "[Talk: Drawing Maps of Towns](https://a.org/talk.pdf), Ann Lee, 2019",
        "[Drawing Maps of Towns (Talk)](https://youtu.be/x), Ann Lee, ICML 2019",
        "[ICLR Workshop: Town Maps and Rivers](https://a.org/maps/workshop/) 2019",
        "Tutorial: Drawing Maps of Towns, CVPR 2021 [[slides]](https://a.org/s.pdf)",
        "[Drawing Maps of Towns - ICML 2020 tutorial](https://a.org/s), 2020",
        f"[![A picture of a large town](https://a.org/x.png)]({PAPER})",
        f"[PDF2]({PAPER}) - It draws maps.",
    ],
)
def test_name_of_an_event_is_no_title(line: str, venues: Venues) -> None:
    assert titles(f"- {line}", venues) == []


def test_details_below_a_linked_title_make_a_paper_of_it(venues: Venues) -> None:
    line = "- [Drawing Maps of Towns](https://a.org/maps)\n    - Ann Lee, Bo Roe\n"
    parts = "    - Date: May 2024\n    - Publisher: arXiv\n"

    assert titles(f"{line}{parts}", venues) == ["Drawing Maps of Towns"]
    assert titles(f"{line}    - Works: everywhere\n", venues) == []


def test_tutorial_with_an_identifier_is_a_paper(venues: Venues) -> None:
    assert titles(f"- Tutorial: Drawing Maps of Towns {LINK}", venues)


def test_field_in_brackets_is_no_part_of_a_title_where_the_list_writes_it_often(
    venues: Venues,
) -> None:
    lines = [
        f"- ({field}) {title} [[paper]](https://arxiv.org/abs/2101.0000{number})"
        for number, (field, title) in enumerate(
            [("Physics", "Maps of Stars"), ("Physics", "Old Stars"), ("Biology", "Maps of Trees")]
        )
    ]

    assert titles("\n".join(lines), venues) == ["Maps of Stars", "Old Stars", "Maps of Trees"]
    assert titles("\n".join(lines[1:]), venues) == [
        "(Physics) Old Stars",
        "(Biology) Maps of Trees",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "> - New maps: TownNet (MAP 2026), RiverNet (ICLR 2025)\n",
        "| Pillar | What Must Work | Why |\n|--|--|--|\n| Rules | Audits, logs | It is so |\n",
        "### Blog\n\n- Drawing Maps of Towns. Ann Lee. [[link]](https://lee.github.io/maps)\n",
        "### Slides\n\n- Drawing Maps of Towns (A University, 2013) [[link]](https://a.edu/m.pdf)\n",
    ],
    ids=["news", "advice", "blog", "slides"],
)
def test_what_links_to_no_paper_is_none(text: str, venues: Venues) -> None:
    assert titles(f"- [Rivers]({OTHER})\n\n{text}", venues) == ["Rivers"]


def test_paper_that_a_note_names_gives_its_address_as_a_link(venues: Venues) -> None:
    text = (
        f"1. **Drawing Maps of Towns.** *Ann Lee et al.* [[PDF]](https://a.org/1.pdf)\n"
        f"Notes: This paper draws maps, and is like [MAT]({PAPER}), and it is as [CAT]({OTHER}).\n"
    )
    [paper] = parse_readme_list(f"## Maps\n\n{text}", venues).papers

    assert (paper.urls, paper.links) == (("https://a.org/1.pdf",), (PAPER, OTHER))


def test_row_that_is_broken_in_two_is_one(venues: Venues) -> None:
    head = "| Title | Authors | Venue | Code |\n|--|--|--|--|\n"
    row = f"| [Drawing Maps]({PAPER}) | Ann Lee |\nICLR 2024 | [x](https://github.com/a/b) |\n"
    [paper] = parse_readme_list(f"## Maps\n\n{head}{row}", venues).papers

    assert (paper.venue, paper.code) == ("ICLR 2024", ("https://github.com/a/b",))


def test_line_that_nobody_sees_is_no_entry(venues: Venues) -> None:
    hidden = f"[//]: # (- **Drawing Maps of Towns** [[paper]]({PAPER}))"

    assert titles(f"{hidden}\n\n- [Drawing Rivers of Towns]({OTHER})", venues) == [
        "Drawing Rivers of Towns"
    ]


@each(
    ("row", "title"),
    [
        (
            "| Problem | Solution | Paper |\n|-|-|-|\n| Towns are too large for a map | Use | {} |",
            None,
        ),
        ("| Title | Link |\n|-|-|\n| Maps of Large Towns (TownNet) | {} |", "Maps of Large Towns"),
        (
            "| Title | Link |\n|-|-|\n| **TownNet:** Maps of Large Towns<br>Ann Lee, Bo Kim | {} |",
            "TownNet: Maps of Large Towns",
        ),
        ("| Title | Link |\n|-|-|\n| TownNet<br>Maps of Large Towns | {} |", "Maps of Large Towns"),
    ],
)
def test_words_of_a_cell_are_a_title_or_none(row: str, title: str | None, venues: Venues) -> None:
    assert titles(row.format(LINK), venues) == [title] * bool(title)


def test_row_whose_site_is_not_known_is_named_with_its_note(venues: Venues) -> None:
    rows = "".join(
        f"<tr>\n<td rowspan='2'>2025</td><td><b>{title}</b></td><td><a href='{url}'>x</a></td>\n"
        "</tr>\n<tr>\n<td>It draws maps of towns with little work.</td>\n</tr>\n"
        for title, url in (
            ("Maps of Large Towns", PAPER),
            ("Attempting to Draw Maps of Towns", "https://www.lesswrong.com/posts/1"),
        )
    )
    found = parse_readme_list(f"## Maps\n\n<table>\n{rows}</table>\n", venues)

    assert [paper.title for paper in found.papers] == ["Maps of Large Towns"]
    assert [(line.line, line.end) for line in found.unread] == [(10, 14)]


def test_row_of_a_tool_is_no_paper(venues: Venues) -> None:
    text = (
        "| Name | Repository | Paper |\n|---|---|---|\n"
        f"| Drawing Maps of Towns | [Link](https://github.com/a/b) | [Paper]({PAPER}) |\n"
        "| Awesome Town Maps | [Link](https://github.com/a/c) | - |\n\n"
        "| Model | Paper Title | Link |\n|---|---|---|\n"
        "| Atlas | Atlas: A Map of All Towns | [blog](https://a.org/atlas) |\n"
        "| Plan | - | [GitHub](https://github.com/a/d) |\n"
    )
    found = parse_readme_list(f"## Maps\n\n{text}\n", venues)

    assert [p.title for p in found.papers] == ["Drawing Maps of Towns", "Atlas: A Map of All Towns"]
    assert [line.line for line in found.unread] == [6, 11]


def test_title_of_the_list_is_no_paper(venues: Venues) -> None:
    text = f"# Maps / Town Plans / Atlases / Cartography\n\nSee [paper]({PAPER}).\n\n## Maps\n\n"
    found = parse_readme_list(f"{text}- [Drawing Maps of Towns]({OTHER})\n", venues)

    assert [paper.title for paper in found.papers] == ["Drawing Maps of Towns"]


def test_data_set_is_known_by_its_name_until_the_title_of_its_paper_is_known(
    venues: Venues,
) -> None:
    text = (
        "| Dataset | # Towns | # Rivers | # Source |\n|---|---|---|---|\n"
        f"| [TOWN-1](https://a.org/1) | 12 | 3 | [Link]({PAPER}) |\n\n"
        "<table><tr><th colspan='2'>Dataset</th><th># Towns</th><th># Source</th></tr>"
        "<tr><td rowspan='2'><a href='https://a.org/2'>TOWN-2</a></td><td>train-map</td>"
        f"<td>12</td><td rowspan='2'><a href='{OTHER}'>Link</a></td></tr>"
        "<tr><td>test-map</td><td>8</td></tr></table>\n"
    )
    found = parse_readme_list(f"## Maps\n\n{text}\n", venues)

    assert [(p.title, p.is_named, p.urls, p.data) for p in found.papers[:2]] == [
        ("TOWN-1", True, (PAPER,), ("https://a.org/1",)),
        ("TOWN-2", True, (OTHER,), ("https://a.org/2",)),
    ]


def test_year_in_a_tag_makes_a_paper_of_a_linked_title(venues: Venues) -> None:
    assert titles("- [MA 2022] [Drawing Maps of Towns](https://a.org/maps)", venues) == [
        "Drawing Maps of Towns"
    ]


def test_year_in_a_description_makes_no_paper(venues: Venues) -> None:
    text = (
        f"- [Drawing Maps of Towns]({PAPER})\n- [Town Map Pictures](https://a.org/pictures)\n"
        "This collection has 12,000 pictures of towns and rivers that go back to 1987.\n"
    )
    assert titles(text, venues) == ["Drawing Maps of Towns"]


def test_name_of_a_model_is_no_title(venues: Venues) -> None:
    text = (
        f"| Model | By | Paper |\n|---|---|---|\n| Draw It | A | [link]({PAPER}) |\n"
        f"| Plan | B | [link](https://a.org/plan.pdf) |\n\n- [MapNet]({OTHER})\n"
    )
    text += f"- **TOWN** dataset (ICLR 2020) [[Paper]]({PAPER})\n"
    text += f"- [MIE (Map Interpolation Error)]({PAPER})\n"
    text += f"\n| Name | Code |\n|---|---|\n| [Drawing town maps on foot]({PAPER}) | - |\n"
    text += "\n| # | Model (paper) | Rate |\n|---|---|---|\n"
    text += f"| 1 | [DAC (Lee et al., 2023)]({PAPER}) | 75 |\n"
    text += f"| 2 | [MapNet (Roe et al., 2024)]({OTHER}) | 50 |\n"
    found = parse_readme_list(f"## Maps\n\n{text}\n", venues)

    assert [(p.title, p.is_named) for p in found.papers] == [
        ("Draw It", True),
        ("MapNet", True),
        ("TOWN dataset", True),
        ("MIE (Map Interpolation Error)", True),
        ("Drawing town maps on foot", False),
        ("DAC", True),
        ("MapNet", True),
    ]
    assert [paper.date for paper in found.papers[-2:]] == ["2023", "2024"]
    assert [line.line for line in found.unread] == [6]


def test_what_a_line_says_of_a_paper_is_no_title(venues: Venues) -> None:
    found = parse_readme_list(
        "## Maps\n\n<tr><td><b>Authors:</b>Ann Lee and Bo Roe "
        f"<a href='{PAPER}'>[Paper]</a></td></tr>",
        venues,
    )

    assert not found.papers
    assert len(found.unread) == 1


def test_notes_below_a_paper_s_heading_are_no_papers(venues: Venues) -> None:
    papers = "".join(
        f"### [{title}](https://arxiv.org/abs/2101.0000{number})\n\nICLR 2022\n\n"
        f"1. **Sure.** Maps + [Drawn Plans of Towns](https://arxiv.org/abs/2101.0010{number})\n\n"
        for number, title in enumerate(("Maps of Towns", "Maps of Rivers", "Maps of Hills"), 1)
    )
    found = parse_readme_list(f"## Maps\n\n{papers}", venues)

    assert [p.title for p in found.papers] == ["Maps of Towns", "Maps of Rivers", "Maps of Hills"]
    assert [len(paper.urls + paper.links) for paper in found.papers] == [2, 2, 2]


def test_model_that_a_description_links_is_no_paper_of_its_own(venues: Venues) -> None:
    text = (
        "| Paper | Year |\n|---|---|\n"
        f"| [Drawing Maps of Towns]({PAPER}) <br> It draws as [*MAP*]({OTHER}) does | 2020 |\n"
    )
    assert titles(text, venues) == ["Drawing Maps of Towns"]


def test_abstract_that_is_folded_below_a_heading_is_a_part_of_its_paper(venues: Venues) -> None:
    text = (
        "### 5. Drawing Maps of Towns [CVPR 2023]\n\n**Authors**: Ann Lee, Bo Roe\n\n"
        "<details span>\n<summary><b>Abstract</b></summary>\n"
        "We draw maps, see [here](https://a.org/maps) and https://a.org/towns.\n</details>\n\n"
        f"  [📄 Paper]({PAPER}) | [🌐 Project Page](https://a.org/) | [💻 Code][Coming soon.]\n"
    )
    assert titles(text, venues) == ["Drawing Maps of Towns"]
