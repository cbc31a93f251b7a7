import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from "react";

const SLACK_PX = 48;

interface End {
  readonly scroller: RefObject<HTMLDivElement | null>;
  /** Something came while the reader was reading further up. */
  readonly hasNews: boolean;
  readonly onScroll: () => void;
  readonly goToEnd: () => void;
}

/**
 * Keeps a scroller at its end while the reader is there, and leaves it alone while the reader is not. `growth` is how much
 * the last item has grown.
 */
export function useEnd(count: number, isLastOwn: boolean, growth = 0): End {
  const scroller = useRef<HTMLDivElement>(null);
  const follows = useRef(true);
  const [countWhenLeft, setCountWhenLeft] = useState<number | null>(null);

  const goToEnd = () => {
    if (scroller.current !== null) scroller.current.scrollTop = scroller.current.scrollHeight;
  };
  const onScroll = () => {
    const element = scroller.current;
    if (element === null) return;
    follows.current = element.scrollHeight - element.scrollTop - element.clientHeight <= SLACK_PX;
    setCountWhenLeft((left) => (follows.current ? null : (left ?? count)));
  };

  useLayoutEffect(() => {
    if (follows.current || isLastOwn) goToEnd();
  }, [count, isLastOwn]);

  useLayoutEffect(() => {
    if (follows.current) goToEnd();
  }, [growth]);

  useEffect(() => {
    if (scroller.current === null || typeof ResizeObserver === "undefined") return undefined;
    const observer = new ResizeObserver(() => {
      if (follows.current) goToEnd();
    });
    observer.observe(scroller.current);
    return () => observer.disconnect();
  }, []);

  return { scroller, hasNews: countWhenLeft !== null && count > countWhenLeft, onScroll, goToEnd };
}
