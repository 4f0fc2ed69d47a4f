"""Write parsers/forms/codebook.csv from the forms: python -m tools.write_codebook"""

from pathlib import Path

from parsers.forms import FORMS
from parsers.forms.codebook import write_codebook

if __name__ == "__main__":
    target = Path(__file__).parent.parent / "parsers" / "forms" / "codebook.csv"
    target.write_text(write_codebook(FORMS.by_era.values()), encoding="utf-8")
