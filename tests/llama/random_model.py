"""Writes a llama model of random weights: `random_model.py OUT [--hostile] [--seed N]`.

Half a megabyte, a byte-level vocabulary, no knowledge: it answers every JSON schema with schema-valid nonsense. With
`--hostile` bytes that are no UTF-8 may be sampled too, so that texts are broken and the server fails now and then.
"""

from __future__ import annotations

import argparse

import numpy as np
from gguf import GGUFWriter, TokenType

WIDTH, LAYERS, HEADS, HIDDEN, CONTEXT = 64, 2, 4, 128, 16_384
CONTROL = (b"<unk>", b"<s>", b"</s>", b"<|im_start|>", b"<|im_end|>")
TEMPLATE = "{% for m in messages %}<|im_start|>{{ m['role'] }}\n{{ m['content'] }}<|im_end|>\n{% endfor %}<|im_start|>assistant\n"
END, NEWLINE, FIRST_BYTE = 4, 10, len(CONTROL)


def vocabulary() -> tuple[list[bytes], list[int]]:
    """Control tokens, every byte, every printable character."""
    tokens = list(CONTROL)
    kinds = [TokenType.UNKNOWN] + [TokenType.CONTROL] * (len(CONTROL) - 1)
    tokens += [f"<0x{byte:02X}>".encode() for byte in range(256)]
    kinds += [TokenType.BYTE] * 256
    printable = [chr(code) for code in range(33, 127)] + ["▁"]
    tokens += [char.encode() for char in printable]
    return tokens, [int(kind) for kind in kinds + [TokenType.NORMAL] * len(printable)]


def head(size: int, random: np.random.Generator, *, hostile: bool) -> np.ndarray:
    """The output matrix; its first column is a bias that a constant lane of the residual stream multiplies."""
    matrix = (random.standard_normal((size, WIDTH)) * 0.5).astype(np.float32)
    matrix[:, 0] = 0.0
    if not hostile:
        unwanted = [b for b in range(256) if b >= 128 or (b < 32 and b != NEWLINE)]
        matrix[[FIRST_BYTE + b for b in unwanted], 0] = -200.0
        matrix[: len(CONTROL), 0] = -200.0
        matrix[END, 0] = 0.0
    return matrix


def write(out: str, seed: int, *, hostile: bool) -> None:
    """The whole model."""
    random = np.random.default_rng(seed)

    def weights(*shape: int) -> np.ndarray:
        return (random.standard_normal(shape) * 0.5).astype(np.float32)

    tokens, kinds = vocabulary()
    writer = GGUFWriter(out, "llama")
    writer.add_name("random")
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(HIDDEN)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(WIDTH // HEADS)
    writer.add_vocab_size(len(tokens))
    writer.add_tokenizer_model("llama")
    writer.add_tokenizer_pre("default")
    writer.add_token_list(tokens)
    writer.add_token_scores([-float(max(0, n - FIRST_BYTE - 255)) for n in range(len(tokens))])
    writer.add_token_types(kinds)
    writer.add_unk_token_id(0)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(END)
    writer.add_add_bos_token(True)
    writer.add_chat_template(TEMPLATE)
    embedding = weights(len(tokens), WIDTH)
    embedding[:, 0] = 6.0
    writer.add_tensor("token_embd.weight", embedding)
    writer.add_tensor("output_norm.weight", np.ones(WIDTH, np.float32))
    writer.add_tensor("output.weight", head(len(tokens), random, hostile=hostile))
    for layer in range(LAYERS):
        for name, tensor in _block(weights):
            writer.add_tensor(f"blk.{layer}.{name}.weight", tensor)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _block(weights: object) -> list[tuple[str, np.ndarray]]:
    """One layer; what it adds leaves the constant lane alone."""
    assert callable(weights)
    attention, down = weights(WIDTH, WIDTH), weights(WIDTH, HIDDEN)
    attention[0, :] = 0.0
    down[0, :] = 0.0
    ones = np.ones(WIDTH, np.float32)
    square = [(name, weights(WIDTH, WIDTH)) for name in ("attn_q", "attn_k", "attn_v")]
    wide = [(name, weights(HIDDEN, WIDTH)) for name in ("ffn_gate", "ffn_up")]
    return [
        ("attn_norm", ones),
        *square,
        ("attn_output", attention),
        ("ffn_norm", ones),
        *wide,
        ("ffn_down", down),
    ]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out")
    parser.add_argument("--hostile", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    write(given.out, given.seed, hostile=given.hostile)
