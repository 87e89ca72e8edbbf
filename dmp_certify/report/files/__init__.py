"""How the verdict on lone files is shown: terminal, JSON, JUnit, SARIF."""
