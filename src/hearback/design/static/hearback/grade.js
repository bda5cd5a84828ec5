/* The plain-language grade while somebody types: the same rules as stats/readability.py, which counts again on preview. */
"use strict";

const WORD = /\p{L}+(?:['’]\p{L}+)*/gu;
const SENTENCE_END = /[.!?…]+(?=\s|$)|\n+/u;
const VOWELS = /[aeiouyáàâäéèêëíìîïóòôöúùûü]+/gu;
const SILENT_END = /(?<=[^aeiouy])(?<!l)e$|(?<=[aeiouy]l)e$|(?<=[^aeioutdy])ed$|(?<=[^aeiouycgsxz])(?<!ch|sh)es$/u;
const SPANISH_STRONG = /[aeoáéíóú]/gu;
const SPANISH_VOWELS = /[aeiouáéíóúü]+/gu;
const FORMULAS = { en: "flesch-kincaid", es: "fernandez-huerta", fr: "lix", ht: "lix", ru: "lix", so: "lix" };
const BOUNDS = { "flesch-kincaid": [8, 12], "fernandez-huerta": [60, 50], lix: [40, 50] };

const found = (text, pattern) => text.match(pattern) ?? [];
const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);

const englishSyllables = (word) => Math.max(1, found(word.replace(SILENT_END, ""), VOWELS).length);
const spanishSyllables = (word) =>
  Math.max(1, sum(found(word.replace(/y$/u, "i"), SPANISH_VOWELS).map((group) => Math.max(1, found(group, SPANISH_STRONG).length))));

const SCORES = {
  "flesch-kincaid": (words, perSentence) => 0.39 * perSentence + (11.8 * sum(words.map(englishSyllables))) / words.length - 15.59,
  "fernandez-huerta": (words, perSentence) => 206.84 - (60 * sum(words.map(spanishSyllables))) / words.length - 1.02 * perSentence,
  lix: (words, perSentence) => perSentence + (100 * words.filter((word) => found(word, /\p{L}/gu).length > 6).length) / words.length,
};

function plainness(formula, score) {
  const [plain, hard] = BOUNDS[formula];
  const worse = hard < plain ? -1 : 1;
  if (score * worse <= plain * worse) return "plain";
  return score * worse <= hard * worse ? "hard" : "very-hard";
}

function readability(typed, language) {
  const text = typed.normalize("NFC");
  const formula = FORMULAS[language.split("-")[0]];
  const words = found(text, WORD).map((word) => word.toLowerCase());
  if (!formula || !words.length) return null;
  const sentences = text.split(SENTENCE_END).filter((part) => found(part, WORD).length).length || 1;
  const score = SCORES[formula](words, words.length / sentences);
  return { formula, score, plainness: plainness(formula, score) };
}

for (const shown of document.querySelectorAll("[data-grade-of]")) {
  const box = document.getElementById(shown.dataset.gradeOf);
  let waiting = 0;
  const show = () => {
    const grade = readability(box.value, box.lang);
    const said = (key) => shown.querySelector(`[data-says="${key}"]`).textContent.replace("{score}", grade.score.toFixed(0));
    const spoken = shown.querySelector("[role=status]");
    spoken.textContent = grade ? `${said(grade.formula)} ${said(grade.plainness)}` : "";
  };
  box.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(show, 600);
  });
  if (box.value) show();
}
