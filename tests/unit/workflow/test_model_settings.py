"""What the settings say of a chat model, and what of it does not go together."""

from decimal import Decimal
from pathlib import Path

import pytest

from contracts.errors import BadInput
from personalize import ChatBudget, Composer, ModelWriter, Prices
from workflow.house import open_house
from workflow.model_writing import chat_options, house_writer
from workflow.settings import load_settings


def settings(folder: Path, text: str):
    folder.mkdir(exist_ok=True)
    (folder / "mailwright.toml").write_text(text, encoding="utf-8")
    return load_settings(folder)


def test_without_a_model_the_composer_writes(tmp_path: Path) -> None:
    with open_house(settings(tmp_path / "w", 'chat_model = " "\n')) as house:
        assert chat_options(house) is None
        assert isinstance(house_writer(house), Composer)


def test_every_setting_reaches_the_model(tmp_path: Path) -> None:
    text = """
chat_model = "openai:local"
chat_base_url = "http://127.0.0.1:8080/v1"
chat_timeout_s = 12.5
chat_retries = 1
chat_requests_per_minute = 30
chat_at_once = 2
chat_max_output_tokens = 900
chat_repairs = 0
chat_price_in = "0.15"
chat_price_out = "0.6"
chat_currency = "EUR"
chat_budget_tokens = 50000
chat_budget_cost = "1.5"
"""
    with open_house(settings(tmp_path / "w", text)) as house:
        options = chat_options(house)
        writer = house_writer(house)
    assert options is not None
    assert (options.model, options.base_url) == ("openai:local", "http://127.0.0.1:8080/v1")
    assert (options.timeout_s, options.retries, options.requests_per_minute) == (12.5, 1, 30)
    assert (options.at_once, options.max_output_tokens, options.repairs) == (2, 900, 0)
    assert options.prices == Prices(Decimal("0.15"), Decimal("0.6"), "EUR")
    assert options.budget == ChatBudget(50000, Decimal("1.5"))
    assert isinstance(writer, ModelWriter)
    assert (writer.name, writer.at_once, writer.repairs) == ("model:openai:local", 2, 0)


def test_no_price_is_built_in(tmp_path: Path) -> None:
    with open_house(settings(tmp_path / "w", 'chat_model = "openai:gpt-4.1"\n')) as house:
        options = chat_options(house)
    assert options is not None
    assert options.prices == Prices()
    assert options.budget == ChatBudget()


def test_a_budget_of_money_needs_prices(tmp_path: Path) -> None:
    text = 'chat_model = "openai:x"\nchat_budget_cost = 5\nchat_price_in = 1\n'
    with (
        open_house(settings(tmp_path / "w", text)) as house,
        pytest.raises(BadInput, match="chat_price_in and chat_price_out"),
    ):
        house_writer(house)


@pytest.mark.parametrize(
    "line",
    [
        "chat_repairs = 2",
        "chat_at_once = 0",
        "chat_timeout_s = 0",
        "chat_requests_per_minute = -1",
        'chat_currency = "euros"',
        "chat_budget_tokens = -5",
        "chat_price_in = -0.1",
        'chat_budget_cost = "much"',
    ],
)
def test_a_number_out_of_its_range_is_named(tmp_path: Path, line: str) -> None:
    name = line.partition(" ")[0]
    with pytest.raises(BadInput, match=f"setting «{name}»"):
        settings(tmp_path / "w", line + "\n")
