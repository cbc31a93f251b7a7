"""A language model of some 50 million random weights, with a tokenizer, as a folder."""

import random
from pathlib import Path

TEXTS = ("README.md", "docs")
VOCABULARY = 8000
WORDS = (
    *("the", "a", "my", "your", "garden", "winter", "coffee", "train", "music", "river", "friend", "story", "morning"),
    *("is", "was", "likes", "found", "lost", "sings", "reads", "thinks", "of", "about", "with", "under", "near", "why"),
)


def write_model(folder: Path, root: Path) -> int:
    """Make a GPT-2 whose weights are drawn, not trained; returns how many it has."""
    import torch  # noqa: PLC0415  (seconds, that only the process which makes the model should take)
    from tokenizers import ByteLevelBPETokenizer  # noqa: PLC0415
    from transformers import GPT2Config, GPT2LMHeadModel, GPT2TokenizerFast  # noqa: PLC0415

    texts = [root / TEXTS[0], *sorted((root / TEXTS[1]).rglob("*.md"))]
    bpe = ByteLevelBPETokenizer()
    bpe.train([str(path) for path in texts], vocab_size=VOCABULARY, special_tokens=["<|endoftext|>"])
    folder.mkdir(parents=True, exist_ok=True)
    bpe.save_model(str(folder))
    tokenizer = GPT2TokenizerFast.from_pretrained(str(folder), model_max_length=1024)
    tokenizer.save_pretrained(str(folder))
    torch.manual_seed(1)
    end = tokenizer.convert_tokens_to_ids("<|endoftext|>")
    config = GPT2Config(
        vocab_size=len(tokenizer),
        n_embd=576,
        n_layer=12,
        n_head=9,
        bos_token_id=end,
        eos_token_id=end,
        pad_token_id=end,
    )
    model = GPT2LMHeadModel(config)
    with torch.no_grad():  # so that no reply ends at once, or is made of spaces: tokens that are no words never win
        for token in range(len(tokenizer)):
            if not tokenizer.decode(token).strip().isalpha():
                model.transformer.wte.weight[token] = 0
    model.save_pretrained(str(folder))
    return int(model.num_parameters())


def lines(count: int, seed: int) -> list[str]:
    """What people say: sentences of some ten words, the same each time."""
    draw = random.Random(seed)  # noqa: S311  (made-up talk)
    return [" ".join(draw.choices(WORDS, k=draw.randint(6, 14))) for _ in range(count)]
