import { useState } from "react";

import { useClient } from "../session";
import type { LabelPart } from "../wire";
import type { Spot } from "./places";
import { missingSentence, openSentence, unseenSentence } from "./sentences";
import type { Work } from "./useWork";

interface Submission {
  /** Why nothing was submitted, in words; empty where nothing was tried, or something was answered since. */
  readonly problem: string;
  readonly forget: () => void;
  /** Submits, or says what is missing and leads there, or asks about what may stay open. */
  readonly submit: () => void;
  /** What may stay open and is, while somebody is asked about it; else empty. */
  readonly question: string;
  readonly submitAnyway: () => void;
  readonly closeQuestion: () => void;
}

export function useSubmission(
  parts: readonly LabelPart[],
  work: Work,
  isCorrection: boolean,
  nameOf: (gap: Spot) => string,
): Submission {
  const client = useClient();
  const [problem, setProblem] = useState("");
  const [question, setQuestion] = useState("");
  const [forget] = useState(() => () => setProblem(""));
  const whyNot = () => {
    if (work.needed.length > 0) return missingSentence(parts, work.needed, isCorrection, nameOf);
    return work.unseen.length > 0 ? unseenSentence(work.unseen, parts) : "";
  };
  return {
    problem,
    forget,
    submit: () => {
      const reason = whyNot();
      setProblem(reason);
      if (reason !== "") work.goToFirstNeeded();
      else if (work.gaps.length > 0) setQuestion(openSentence(parts, work.gaps, nameOf));
      else client.submitLabels();
    },
    question,
    submitAnyway: () => client.submitLabels(),
    closeQuestion: () => setQuestion(""),
  };
}
