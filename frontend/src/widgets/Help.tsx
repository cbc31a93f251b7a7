import { useState } from "react";

import type { Option, Question } from "../task";
import { optionsOf } from "./questions";

/** What a question and its answers mean, folded away; its content is made when it is first wanted. */
export function Help({ question }: { readonly question: Question }) {
  const [isWanted, setIsWanted] = useState(false);
  const explained = optionsOf(question).filter(({ help, examples }) => help !== "" || examples.length > 0);
  if (question.help === "" && question.examples.length === 0 && explained.length === 0) return null;
  return (
    <details className="help" onToggle={() => setIsWanted(true)}>
      <summary>What does this mean?</summary>
      {isWanted && (
        <div className="prose">
          <Explained {...question} />
          {explained.length > 0 && (
            <dl>
              {explained.map((option) => (
                <div key={option.id}>
                  <dt dir="auto">{option.text}</dt>
                  <dd>
                    <Explained {...option} />
                  </dd>
                </div>
              ))}
            </dl>
          )}
        </div>
      )}
    </details>
  );
}

function Explained({ help, examples }: Pick<Option, "help" | "examples">) {
  return (
    <>
      {help !== "" && <p dir="auto">{help}</p>}
      {examples.length > 0 && (
        <>
          <p>{examples.length === 1 ? "An example:" : "Examples:"}</p>
          <ul>
            {examples.map((example, place) => (
              <li key={place} className="verbatim" dir="auto">
                {example}
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}
