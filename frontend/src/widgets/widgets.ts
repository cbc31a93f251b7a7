import type { ComponentType } from "react";

import type { Question } from "../task";
import { Checks } from "./Checks";
import { Choice } from "./Choice";
import { FreeText } from "./FreeText";
import { Ranking } from "./Ranking";
import { Scale } from "./Scale";
import { Spans } from "./Spans";
import type { WidgetProps } from "./widget";

/** What shows each kind of question. A new kind is a file and a line here. */
export const WIDGETS: { readonly [Kind in Question["kind"]]: ComponentType<WidgetProps<Kind>> } = {
  checks: Checks,
  choice: Choice,
  ranking: Ranking,
  scale: Scale,
  spans: Spans,
  text: FreeText,
};
