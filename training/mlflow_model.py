"""A bundle as an MLflow model: loaded from code, so that nothing is ever unpickled."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import mlflow
import pandas as pd

from repliek.conversation import Conversation
from repliek.suggester import Suggester


class BundleModel(mlflow.pyfunc.PythonModel):
    """Suggests for a column `message`; returns a column `suggestions` of JSON objects."""

    def load_context(self, context: Any) -> None:
        self._suggester = Suggester.from_bundle(context.artifacts["bundle"])

    def predict(self, context: Any, model_input: pd.DataFrame, params: Any = None) -> pd.DataFrame:  # noqa: ARG002
        found = self._suggester.suggest_many([Conversation(message) for message in model_input["message"]])
        lines = [json.dumps(asdict(result), ensure_ascii=False, default=str) for result in found]
        return pd.DataFrame({"suggestions": lines})


mlflow.models.set_model(BundleModel())
