"""What every stage of the loop stands on: places, people, organisations, access, audit, indicators, languages."""
