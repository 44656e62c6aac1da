/* The player: briefing, documents, verdicts, grounds, missing facts, duties, feedback, summary. Plain forms, no drag, no
   clock. What is right is known by salted digests; see digest.js. */
(function () {
  "use strict";
  var course = LIMEN_COURSE, main = document.getElementById("main"), answers = [], lms = { open: false }, begun = 0;
  var PARTS = course.parts.map(function (part) { return part[0]; }), ANSWERS = course.answers;
  function mark() { return limenDigest.hex([course.salt].concat(Array.prototype.slice.call(arguments)).join("|")).slice(0, 16); }
  function make(tag, text, attributes) {
    var node = document.createElement(tag);
    if (text) node.textContent = text;
    Object.keys(attributes || {}).forEach(function (name) { node.setAttribute(name, attributes[name]); });
    return node;
  }
  function add(parent) {
    for (var i = 1; i < arguments.length; i++) if (arguments[i]) parent.appendChild(arguments[i]);
    return parent;
  }
  function page(title, where) {
    main.textContent = "";
    document.getElementById("where").textContent = course.title + (where ? " · " + where : "");
    document.title = title + " · " + course.title;
    var head = make("h1", title, { tabindex: "-1" });
    main.appendChild(head);
    window.scrollTo(0, 0);
    head.focus();
  }
  function button(text, act) {
    var node = make("button", text, { type: "button" });
    node.addEventListener("click", act);
    return add(make("p"), node);
  }
  function list(texts) { var ul = make("ul"); texts.forEach(function (text) { ul.appendChild(make("li", text)); }); return ul; }
  function choices(kind, name, legend, options, hint) {
    var set = add(make("fieldset"), make("legend", legend), hint ? make("p", hint, { "class": "note" }) : null), under = "";
    options.forEach(function (option) {
      if (option.group && option.group !== under) { under = option.group; set.appendChild(make("h3", under)); }
      var input = make("input", "", { type: kind, name: name, value: option.value });
      var words = add(make("span", option.label), option.detail ? make("span", " " + option.detail, { "class": "cite" }) : null);
      set.appendChild(add(make("label"), input, words));
    });
    return set;
  }
  function chosen(form, name) {
    return Array.prototype.map.call(form.querySelectorAll('input[name="' + name + '"]:checked'), function (input) { return input.value; });
  }
  function complain(form, text) {
    var old = form.querySelector(".alert");
    if (old) old.remove();
    var note = make("p", text, { "class": "alert", role: "alert", tabindex: "-1" });
    form.insertBefore(note, form.firstChild);
    note.focus();
  }

  function briefing() {
    page(course.title, course.mode === "assessment" ? "assessment" : "practice");
    add(main, make("p", course.summary), course.introduction ? make("p", course.introduction) : null,
      make("h2", "Before you start"), list(course.rules),
      make("p", course.mode === "assessment" ? "This is an assessment: you are told how you did at the end." : "This is practice: you are told after each question."),
      make("p", "There is no time limit. You can stop and come back." + (lms.open ? "" : " No learning system was found, so nothing is kept.")),
      lms.note ? make("p", lms.note) : null,
      button(answers.length ? "Go on with question " + (answers.length + 1) : "Start", next));
  }
  function next() { if (answers.length < course.questions.length) desk(answers.length); else summary(); }
  function desk(number) {
    var asked = course.questions[number], form = make("form");
    begun = Date.now();
    page(asked.title, "question " + (number + 1) + " of " + course.questions.length);
    add(main, make("p", asked.role, { "class": "note" }), make("p", asked.story), make("p", "The law is that of " + asked.day + ".", { "class": "note" }), make("h2", "On your desk"));
    asked.documents.forEach(function (one, index) {
      var rows = make("dl");
      one.rows.forEach(function (row) { rows.appendChild(add(make("div"), make("dt", row[0]), make("dd", row[1]))); });
      main.appendChild(add(make("details", "", index ? {} : { open: "" }), make("summary", one.title), rows));
    });
    main.appendChild(make("h2", "What do you decide?"));
    asked.items.forEach(function (item, index) {
      form.appendChild(choices("radio", "v" + index, item.name, ANSWERS.map(function (answer) { return { value: answer, label: course.words[answer] }; })));
    });
    add(form, add(make("p"), make("button", "Next: say why", { type: "submit" })));
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      var verdicts = asked.items.map(function (_, index) { return chosen(form, "v" + index)[0]; });
      if (verdicts.some(function (one) { return !one; })) return complain(form, "Choose a verdict for each item.");
      grounds(number, verdicts);
    });
    main.appendChild(form);
  }
  function fitting(asked, answer) {
    return asked.grounds.filter(function (one) { return course.sorts[answer].indexOf(one.sort) >= 0; });
  }
  function grounds(number, verdicts) {
    var asked = course.questions[number], form = make("form");
    page("Say why", asked.title);
    asked.items.forEach(function (item, index) {
      var options = fitting(asked, verdicts[index]).map(function (one) { return { value: one.address, label: one.label, detail: one.citation, group: one.provision }; });
      form.appendChild(choices("checkbox", "g" + index, item.name + ": " + course.words[verdicts[index]] + ". On what does it rest?", options, "Mark one to " + course.points.most_grounds + " points that decide."));
    });
    function named(list) { return list.map(function (one) { return { value: one.name, label: one.label, detail: one.detail }; }); }
    add(form, choices("checkbox", "m", "Would you ask for anything first?", named(asked.missing), "Only what could still change the answer. If nothing is missing, mark nothing."),
      choices("checkbox", "d", "Which duties come with what you release?", named(asked.duties), "If you release nothing, mark nothing."),
      add(make("p"), make("button", "Give this answer", { type: "submit" })));
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      var marked = asked.items.map(function (_, index) { return chosen(form, "g" + index); });
      if (marked.some(function (one) { return one.length > course.points.most_grounds; })) return complain(form, "Mark at most " + course.points.most_grounds + " points for an item.");
      answers.push(packed(asked, verdicts, marked, chosen(form, "m"), chosen(form, "d")));
      keep(number);
      if (course.mode === "practice") feedback(number); else next();
    });
    main.appendChild(form);
  }

  /* One answer in a few characters: indexes in base 36, parts apart by dots, choices by commas. */
  function packed(asked, verdicts, marked, missing, duties) {
    function at(list, key) { return function (value) { return list.map(function (one) { return one[key]; }).indexOf(value).toString(36); }; }
    return [verdicts.map(function (one) { return ANSWERS.indexOf(one); }).join(""),
      marked.map(function (one) { return one.map(at(asked.grounds, "address")).join(","); }).join("/"),
      missing.map(at(asked.missing, "name")).join(","), duties.map(at(asked.duties, "name")).join(",")].join(".");
  }
  function unpacked(asked, text) {
    var parts = text.split(".");
    function from(list, key) { return function (index) { return list[parseInt(index, 36)][key]; }; }
    function some(part) { return part ? part.split(",") : []; }
    return { verdicts: parts[0].split("").map(function (one) { return ANSWERS[one]; }),
      grounds: parts[1].split("/").map(function (part) { return some(part).map(from(asked.grounds, "address")); }),
      missing: some(parts[2]).map(from(asked.missing, "name")), duties: some(parts[3]).map(from(asked.duties, "name")) };
  }
  function best(ways, asked, verdicts, names) {
    var when = mark.apply(null, [asked.id].concat(verdicts)), full = course.points.full, most = 0;
    ways.forEach(function (way) {
      if (way.when && way.when !== when) return;
      var hits = names.filter(function (name) { return way.right.indexOf(mark(asked.id, name)) >= 0; }).length;
      var reached = way.right.length ? Math.floor(full * Math.max(0, 2 * hits - names.length) / way.right.length) : (names.length ? 0 : full);
      most = Math.max(most, reached);
    });
    return [most, full];
  }
  function scored(number) {
    var asked = course.questions[number], given = unpacked(asked, answers[number]), rule = asked.marking, full = course.points.full;
    var score = { verdict: [0, 0], ground: [0, 0], marks: [] };
    asked.items.forEach(function (item, index) {
      var answer = given.verdicts[index], found = rule.verdicts[mark(asked.id, item.id, answer)], marked = given.grounds[index];
      var right = marked.filter(function (address) { return rule.grounds.indexOf(mark(asked.id, item.id, answer, address)) >= 0; }).length;
      var bare = rule.bare.indexOf(mark(asked.id, item.id, answer)) >= 0;
      score.marks.push({ points: found[0], mark: found[1], names: found[2] });
      score.verdict = [score.verdict[0] + found[0], score.verdict[1] + full];
      score.ground = [score.ground[0] + (!marked.length ? (bare ? full : 0) : !right ? 0 : right === marked.length ? full : course.points.slip), score.ground[1] + full];
    });
    score.missing = best(rule.missing, asked, given.verdicts, given.missing);
    score.duties = best(rule.duties, asked, given.verdicts, given.duties);
    return score;
  }
  function percent(part) { return part[1] ? Math.floor(Math.max(0, part[0]) * 100 / part[1]) : 0; }
  function totals() {
    var sum = { unlawful: 0 };
    PARTS.forEach(function (part) { sum[part] = [0, 0]; });
    answers.forEach(function (_, number) {
      var one = scored(number);
      PARTS.forEach(function (part) { sum[part] = [sum[part][0] + one[part][0], sum[part][1] + one[part][1]]; });
      sum.unlawful += one.marks.filter(function (mark) { return mark.mark === "unlawful"; }).length;
    });
    PARTS.forEach(function (part) { sum[part] = percent(sum[part]); });
    return sum;
  }
  /* What is reported of an answer: one decision for each item asked for. */
  function keep(number) {
    var asked = course.questions[number], given = unpacked(asked, answers[number]), one = scored(number), base = 0, scores = {};
    for (var before = 0; before < number; before++) base += course.questions[before].items.length;
    PARTS.forEach(function (part) { scores[part] = percent(one[part]); });
    limenLms.answered(answers, asked.items.map(function (item, index) {
      var mark = one.marks[index];
      return { place: base + index, number: number + 1, index: index, activity: asked.activity + ":item:" + encodeURIComponent(item.id), name: asked.title + ": " + item.name,
        answer: ANSWERS.indexOf(given.verdicts[index]), points: mark.points, mark: mark.mark, under: mark.names, holds: mark.mark === "right" || mark.mark === "defensible",
        grounds: given.grounds[index], missing: given.missing, duties: given.duties, scores: scores, begun: begun };
    }));
  }
  function feedback(number) {
    var asked = course.questions[number], told = revealed(asked), one = scored(number), given = unpacked(asked, answers[number]);
    page("How you did", asked.title);
    told.items.forEach(function (item, index) {
      var mark = one.marks[index], box = add(make("section", "", { "class": "told" }), make("h2", item.name));
      add(box, make("p", course.said[mark.mark] + (mark.names.length ? " under " + mark.names.join(", ") : ""), { "class": "mark " + mark.mark }),
        make("p", "You said: " + course.words[given.verdicts[index]] + ". The rule says: " + item.verdict + "."),
        item.gateway ? make("p", item.gateway + ". " + item.summary) : null);
      if (item.reasons.length) box.appendChild(list(item.reasons.map(function (reason) { return reason[0] + ": " + reason[1] + " (" + reason[2] + "). " + reason[3]; })));
      main.appendChild(box);
    });
    if (told.hinges.length) add(main, make("h2", "It turns on"), list(told.hinges.map(function (hinge) { return "“" + hinge[0] + "”: " + hinge[1]; })));
    add(main, make("h2", "To ask for"), told.missing.length ? list(told.missing) : make("p", "Nothing: no more facts could change it."),
      make("h2", "Duties, of those offered"), told.duties.length ? list(told.duties) : make("p", "None, as nothing is released."));
    if (told.teaches) main.appendChild(make("p", told.teaches));
    if (told.twin) add(main, make("h2", "The twin: " + told.twin.title), list(told.twin.differences.map(function (d) { return d[0] + " Here: " + d[1] + ". There: " + d[2] + "."; })),
      make("p", told.twin.verdicts.map(function (v) { return v[0] + ": " + v[1]; }).join("; ")));
    main.appendChild(button(answers.length < course.questions.length ? "Next question" : "To the summary", next));
  }
  function revealed(asked) {
    var raw = atob(asked.told), out = "", stream = [];
    for (var i = 0; i < raw.length; i++) {
      if (i % 32 === 0) stream = limenDigest.bytes(course.salt + "|" + asked.id + "|" + i / 32);
      out += String.fromCharCode(raw.charCodeAt(i) ^ stream[i % 32]);
    }
    return JSON.parse(out);
  }
  function summary() {
    var sum = totals();
    /* A mastery score of 0.55, times 100, is more than 55; so the score is scaled, as it is where it is reported. */
    function reached(part) { return part === "verdict" && lms.mastery !== undefined ? sum.verdict / 100 >= lms.mastery : sum[part] >= course.marks[part]; }
    var passed = PARTS.every(reached) && !(course.marks.unlawful_release_fails && sum.unlawful);
    page("Summary", course.mode);
    var head = make("tr"), row = make("tr");
    course.parts.forEach(function (part) { head.appendChild(make("th", part[1], { scope: "col" })); row.appendChild(make("td", sum[part[0]] + " %")); });
    add(main, add(make("table"), add(make("thead"), head), add(make("tbody"), row)), make("p", "Releases against the law: " + sum.unlawful + "."),
      course.mode === "assessment" ? make("p", passed ? "You have passed." : "You have not passed.", { "class": "mark " + (passed ? "right" : "wrong") }) : make("p", "You have worked through all questions."));
    limenLms.finished(course, sum, passed);
    if (lms.open && limenLms.exit) main.appendChild(button("Leave the course", exit));
  }
  function exit() { limenLms.exit(function () { stopped("You have left the course. You can close this window."); }); }
  function stopped(text) { page(course.title, ""); main.appendChild(make("p", text)); }
  function trouble(text) {
    var note = document.getElementById("trouble");
    note.textContent = text;
    note.hidden = false;
  }

  document.documentElement.lang = "en";
  document.getElementById("foot").textContent = course.course + ", version " + course.version + " · readings: " + course.profile + " · book " + course.book + ". " + course.caveat;
  main.appendChild(make("p", "The course is being opened."));
  limenLms.start(course, function (found) {
    lms = found;
    if (found.stop) return stopped(found.stop);
    answers = found.answers.slice(0, course.questions.length);
    if (found.open && limenLms.exit) {
      var stop = make("button", "Stop here", { type: "button", "class": "quiet" });
      stop.addEventListener("click", exit);
      document.querySelector("header").appendChild(stop);
    }
    window.addEventListener("pagehide", limenLms.leave);
    window.addEventListener("pageshow", function (event) { if (event.persisted) stopped("This session is over. Open the course again from your learning system; what you answered is kept."); });
    briefing();
  }, trouble);
})();
