"""Pictures of a report: HTML, PDF and JUnit, each from `report.json` and the evidence it names."""
