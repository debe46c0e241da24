"""The command behind `make contract-page`: writes the table of docs/contract.md anew."""

import contract.cases  # noqa: F401 - importing it knows the cases
from contract.page import PAGE, written

if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    print(f"wrote {PAGE.name}")
