from scripts.linter_docs import FILE, text


def test_the_page_of_the_linter_is_that_of_its_tables():
    """Whoever changes a rule or its sentence renews it with ``make linter-docs``."""
    assert FILE.read_text(encoding="utf-8") == text(), "docs/linter.md is not current: make linter-docs"
