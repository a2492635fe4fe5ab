"""Prints what the package `holidays` says: code, date and name with tabs between, one day a line.

Usage: compare.py FIRST LAST < codes, one a line. Codes the package does not have are left out.
"""

import sys
import warnings

import holidays


def main() -> None:
    first, last = int(sys.argv[1]), int(sys.argv[2])
    warnings.simplefilter("ignore")
    for code in sys.stdin.read().split():
        country, _, region = code.partition("-")
        try:
            days = holidays.country_holidays(
                country,
                subdiv=region or None,
                years=range(first, last + 1),
                observed=True,
                categories=("public",),
                language="en_US" if has_english(country) else None,
            )
        except NotImplementedError:
            continue
        for day, name in sorted(days.items()):
            if first <= day.year <= last:
                print(code, day.isoformat(), name, sep="\t")


def has_english(country: str) -> bool:
    return "en_US" in holidays.country_holidays(country).supported_languages


main()
