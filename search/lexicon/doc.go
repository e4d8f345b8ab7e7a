// Package lexicon knows words, for what search does above its engines: it tells
// where words meet within a hit, suggests what may have been meant, takes the
// words out of a question, and gives the other names of an office. No index
// depends on it, so it can change at any time.
//
// [Lexicon] implements [search.Crosser], [search.Suggester] and
// [search.Questioner]; [Synonyms] implements [search.Synonymer].
//
// # The words
//
// words.txt.gz is a line for each word: the word, how often it was counted, and
// a minus if readers are never offered it. It holds the words of one to five Han
// characters that were counted five times or more in jieba/dict.txt, the word
// list of jieba 0.42.1 (MIT, see LICENSES.txt), folded as search folds. pinyin.txt
// is a line for each syllable without its tone, with the characters that are
// mostly read so and those that are also read so, by go-pinyin (MIT). Both are
// made from that list, the same list giving the same bytes:
//
//	pip download jieba==0.42.1 --no-deps --no-binary :all:
//	tar xzf jieba-0.42.1.tar.gz
//	go run ./search/lexicon/internal/make jieba-0.42.1/jieba/dict.txt search/lexicon
//
// The SHA-256 of that dict.txt begins with 7197c3211ddd9896. The other lists are
// written by hand: own.txt (words of petitions that the general list lacks),
// alike.txt (characters that look alike), asking.txt and filling.txt (words that
// a question does not need), synonyms.txt (names of offices), and
// internal/make/never.txt.
//
// Never offered are names of people, words that were counted less than ten times,
// single characters, and words that hold an entry of never.txt: what is coarse,
// insulting, violent or apt to give offence. A word of own.txt is always offered.
// Whether anything is found under a suggestion is checked by the searcher.
//
// # Cutting text into words
//
// Text is cut into the words whose frequencies have the largest product, the
// cheapest way through the graph of all words that stand in it (Viterbi). Words
// are kept in a trie of flat arrays, which needs eight bytes a node.
//
// # Measured
//
// On one core of a small server, go test -bench . ./search/lexicon: Load 36 ms and
// 2.7 MiB kept (36 MiB pass through it); Crossing 2 to 3 us; Suggest 0.02 to
// 0.3 ms for a word and 1.5 ms for sixteen characters in a row; Question 3 us;
// Expand 4 us. The words take 0.71 MiB in the program.
//
// The tests hold made-up texts. Of 72 words found where other words meet, all are
// told to cross; of 77 found as words, none. Of 38 slips the first suggestion is
// right for 36. They are short and written by the same hand as the rules, so real
// text will do somewhat worse: what crosses is only put behind, and what is
// suggested is only a link.
package lexicon
