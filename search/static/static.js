// Searches the files beside this script, without a program on the server. Each
// query reads the postings of its words and the documents that it shows. The Go
// package search/static describes the files, and is the measure of what is found.

const here = new URL('./', import.meta.url)
const bytes = new TextEncoder(), chars = new TextDecoder()
const english = document.documentElement.lang.startsWith('en')

// ---- files

// What was read for the manifest m, by name. A reading that its query gave up is
// not used again.
let m = {}, words, folds, unknown
const files = new Map()

async function read(name, signal, how) {
  const r = await fetch(new URL(name, here), { signal, ...how })
  if (!r.ok) throw new Error(name)
  const raw = new Uint8Array(await r.arrayBuffer())
  if (raw[0] !== 31 || raw[1] !== 139) return raw
  const plain = new Blob([raw]).stream().pipeThrough(new DecompressionStream('gzip'))
  return new Uint8Array(await new Response(plain).arrayBuffer())
}

function file(name, signal) {
  let f = files.get(name)
  if (!f || f.signal.aborted) {
    f = { signal, body: read(name + '?' + m.mark, signal) }
    files.set(name, f)
    f.body.catch(() => files.get(name) === f && files.delete(name))
    if (files.size > 500) files.delete(files.keys().next().value)
  }
  return f.body
}
const json = (raw) => JSON.parse(chars.decode(raw))

// open reads what every query needs, again whenever the index is another one.
async function open(signal) {
  const now = json(await read('manifest.json', signal, { cache: 'no-cache' }))
  if (now.version !== 1) throw new Error('version')
  if (now.mark === m.mark && words) return
  m = now
  files.clear()
  words = 0
  const w = json(await file('words.bin', signal))
  const to = [...w.to]
  folds = new Map([...w.from].map((c, i) => [c, to[i]]))
  unknown = new RegExp(`[${w.apart}]`, 'gu')
  segments.clear()
  words = w
}

// say returns a sentence in the language of the page.
const say = (name, parts) => words.say[english ? 'en' : 'zh'][name].replace(/\{(.)\}/g, (_, k) => parts[k])
const title = (v) => (english && v.en) || v.name || v.id
const called = (field) => say('field.' + field).toLowerCase()
const named = (field, id) => title(words.fields[field]?.find((v) => v.id === id) || { id })

// ---- analysis: what search.Units does

const hidden = /[\p{Cf}\p{DI}\p{Me}]/gu
const attached = '\\p{M}\\p{Cf}\\p{DI}\\u1160-\\u11FF\\u3131-\\u318E\\uD7B0-\\uD7FF\\uFF9E-\\uFFDC'
const segment = new RegExp(`[^${attached}]?[${attached}]+|[^]`, 'gu')
const alone = /\p{Script=Han}|(?=\p{L})\p{Script=Yi}/u, inWord = /[\p{L}\p{M}\p{Nd}]/u

// fold folds a character with all that attaches to it.
const segments = new Map()
function fold(seg) {
  let out = segments.get(seg)
  for (let next = seg; out === undefined; ) {
    let marks = 0, kept = ''
    const from = next
    for (const c of from.replace(hidden, '').replace(unknown, '\uFFFD').normalize('NFKD')) {
      marks = /\p{Mn}/u.test(c) ? marks + 1 : 0
      if (marks < 9) kept += c
    }
    next = ''
    for (const c of kept.normalize('NFC')) {
      const up = c.toUpperCase()
      // Letters that have no single capital stay as they are.
      const low = c === '\u0345' ? c : [...([...up].length > 1 ? c : up).toLowerCase()][0]
      if (low === 'ß') next += 'ss'
      else if (low !== '\u0307' || !next.endsWith('i')) next += folds.get(low) || low
    }
    if (next === from) segments.set(seg, (out = next))
  }
  return out
}

// units cuts a text into {t, a, s, e}: the folded text, whether a separator
// stands before it, and where it stands.
function units(text) {
  const out = []
  let apart = false, open = false, at = 0
  for (const [seg] of text.matchAll(segment)) {
    const e = at + seg.length
    for (const c of fold(seg)) {
      const one = alone.test(c)
      if (!one && !inWord.test(c)) {
        apart = true
        open = false
      } else if (!one && open) out.at(-1).t += c
      else if (one || !/\p{M}/u.test(c)) {
        out.push({ t: c, a: apart && out.length > 0, s: at, e })
        apart = false
        open = !one
      }
    }
    if (open) out.at(-1).e = e
    at = e
  }
  return out
}

// places yields where the units of a term stand among those of a text.
function* places(text, term) {
  for (let i = 0, k; i + term.length <= text.length; i++) {
    for (k = 0; k < term.length && text[i + k].t === term[k].t && (!k || text[i + k].a === term[k].a); ) k++
    if (k === term.length) yield i
  }
}
const within = (text, term) => !places(text, term).next().done
const joined = (text) => units(text).map((u) => u.t).join('')

// ---- the query: what search.Parse does

const narrow = (s) => s.replace(/[\uff01-\uff5e]/g, (c) => String.fromCharCode(c.charCodeAt() - 65248)).replace(/[–−]/g, '-')
const minus = /[-\uff0d–−]/, double = /["“”„‟\uff02]/
const closing = (c = ' ') => (double.test(c) ? double : { '‘': /’/, '「': /」/, '『': /』/ }[c])

// tokens cuts a query into {op, not, text}.
function tokens(q) {
  const c = [...q], out = []
  for (let i = 0; ; ) {
    const t = { text: '' }
    const blanks = () => { while (c[i] === ' ') i++ }
    const sign = () => { for (; minus.test(c[i]) && i + 1 < c.length && c[i + 1] !== ' '; i++) t.not = true }
    blanks()
    if (i >= c.length) return out
    sign()
    const n = c.slice(i, i + 9).findIndex((x) => /[:：]/.test(x))
    const name = c.slice(i, i + Math.max(n, 0)).join(''), us = units(name)
    const folded = us.map((u) => (u.a ? ' ' : '') + u.t).join('')
    if (Object.hasOwn(words.names, folded) && [...folded].length === n) {
      t.op = words.names[folded]
      i += n + 1
      blanks()
      sign()
    }
    const end = closing(c[i])
    if (end) {
      for (i++; i < c.length && !end.test(c[i]); ) t.text += c[i++]
      i++
    } else while (i < c.length && c[i] !== ' ' && !closing(c[i])) t.text += c[i++]
    out.push(t)
  }
}

// values returns the identifiers that a word may mean in a field.
function values(t, all) {
  const w = narrow(t.text)
  if (t.op === 'year') return [/^(\d{4})年?$/.exec(w)?.[1]].filter(Boolean)
  if (t.op === 'month') {
    const found = /^(\d{4})()(\d\d)月?$/.exec(w) || /^(\d{4})?([年/.-])?(\d\d?)月?$/.exec(w)
    const month = found && (found[1] && found[2] === undefined ? 0 : +found[3])
    if (!(month > 0 && month < 13)) return []
    const year = found[1] || narrow(all.find((x) => x.op === 'year')?.text || '').replace(/年$/, '')
    if (!/^\d{4}$/.test(year)) throw 'month-without-year'
    return [year + '-' + String(month).padStart(2, '0')]
  }
  const list = words.fields[t.op] || [], key = joined(t.text)
  const has = (test) => (v) => key && [v.name || v.id, v.en || ''].some((s) => test(joined(s)))
  for (const test of [(v) => v.id === t.text, has((s) => s === key), has((s) => s.includes(key))]) {
    const found = list.filter(test)
    if (found[0]) return found.map((v) => v.id)
  }
  return []
}

// parse reads a query. It throws the name of a sentence when that has a mistake.
function parse(q) {
  const p = { terms: [], not: [], filters: {}, fields: [], notes: [], none: false }
  q = q.replace(/[\p{White_Space}\p{Cc}\uFFFD]+/gu, ' ').trim()
  if ([...q][1000]) throw 'query-too-long'
  const all = tokens(q), filters = [], seen = {}
  if (all.length > 20) throw 'too-many-words'
  const note = (name, parts) => p.notes.push(say(name, parts))
  p.number = /(?<![\d-])\d\d(?:0[1-9]|1[0-2])-(?!0+(?!\d))(?:\d{6}|[1-9]\d{6,8})(?![\d-])/.exec(narrow(q))?.[0]
  for (const t of all) {
    const cs = [...t.text], w = cs[30] ? cs.slice(0, 30).join('') + '…' : t.text
    if (t.op && !t.text) note('empty', { f: called(t.op) })
    else if (t.op === 'number') p.number || note('no-number', { w })
    else if (t.op && !m.text.includes(t.op)) {
      if (t.not) throw 'exclude-filter'
      filters.push({ ...t, w })
    } else {
      const us = units(t.text), key = (t.not ? '-' : '') + us.map((u) => (u.a ? ' ' : '') + u.t + '\0').join('')
      if (!us.length) {
        note('dropped', { w })
        continue
      }
      if (t.op && !p.fields.includes(t.op)) p.fields.push(t.op)
      if (!seen[key]) (t.not ? p.not : p.terms).push(us)
      seen[key] = 1
    }
  }
  if (p.fields.length > 1) throw 'fields-mixed'
  if (p.fields.length && p.terms.length + p.not.length > 1) note('one-field', { f: called(p.fields[0]) })
  for (const t of filters) {
    const ids = values(t, filters), f = called(t.op)
    if (!ids.length) note('unknown', { f, w: t.w })
    if (ids.length > 1) note('several', { f, w: t.w, n: ids.length, l: ids.slice(0, 3).map((id) => named(t.op, id)).join(say('comma')) + (ids[3] ? say('others') : '') })
    ;(p.filters[t.op] ||= []).push(...ids)
  }
  const sets = Object.values(p.filters)
  p.none = sets.some((ids) => !ids.length) || (!p.terms.length && !sets.length)
  if (!p.terms.length && !filters.length && q) {
    if (p.not.length) note('only-not')
    else if (!p.number) note('no-terms')
  }
  return p
}

// ---- postings

function varint(at) {
  let n = 0
  for (let k = 1, b = 128; b > 127; k *= 128) n += ((b = at.b[at.i++]) & 127) * k
  return n
}
const hex = (n, width) => n.toString(16).padStart(width, '0')

// postings returns the documents that hold a token, anywhere and in the title.
async function postings(token, signal) {
  let key = bytes.encode(token)
  if (key.length > 255) key = bytes.encode(chars.decode(key.subarray(0, 255)).replace(/\uFFFD+/g, ''))
  let h = 0x811c9dc5
  for (const b of key) h = Math.imul(h ^ b, 0x01000193)
  h &= m.buckets - 1
  const at = { b: await file(`p/${hex(h >> 8, 2)}/${hex(h & 255, 2)}.bin`, signal), i: 0 }
  while (at.i < at.b.length) {
    const n = at.b[at.i++]
    const found = n === key.length && key.every((b, k) => b === at.b[at.i + k])
    at.i += n
    const lists = []
    for (let k = 0; k < 2; k++) {
      const docs = varint(at), end = varint(at) + at.i
      if (found) for (let list = (lists[k] = []), j = 0, d = 0; j < docs; j++) list.push((d += varint(at)))
      at.i = end
    }
    if (found) return lists
  }
  return [[], []]
}
const both = (a, b) => {
  const s = new Set(b)
  return a ? a.filter((d) => s.has(d)) : b
}

// pairs returns the tokens of a term: its pairs of neighbours, and the units
// that have none. Every second pair, and what has no next, comes first: those
// alone hold all units.
function pairs(us) {
  const first = [], rest = []
  for (let i = 0, from = 0; i < us.length; i++) {
    if (us[i].a) from = i
    const next = us[i + 1], more = next && !next.a
    if (more) ((i - from) % 2 && us[i + 2] && !us[i + 2].a ? rest : first).push(us[i].t + ' ' + next.t)
    else if (i === from) first.push(us[i].t)
  }
  return [first, rest]
}

// column returns the numbers in a field by place.
async function column(field, signal) {
  const at = { b: await file('c/' + field + '.bin', signal), i: 0 }, out = []
  for (let d = 0, last = 0; d < m.places; d++) {
    const n = varint(at)
    if (n) out[d] = last += (n - 1) % 2 ? -n / 2 : (n - 1) / 2
  }
  return out
}

async function doc(place, signal) {
  const n = Math.floor(place / m.chunk)
  const d = json(await file(`d/${hex(n >> 12, 2)}/${hex(n & 4095, 3)}.bin`, signal))[place % m.chunk]
  if (!d) return
  const of = (fields, list) => Object.fromEntries(fields.map((f, i) => [f, list[i]]))
  return { id: d[0], text: of(m.text, d[1]), ...of(m.keyword, d[2]), ...of(m.number, d[3]) }
}

const page = 10 // documents that are shown at a time
const budget = 100 // documents that are read for them at most

// search finds the documents of a query: most of them at most, and exactly as
// many if exact. next returns those to be shown next; it looks at the texts.
export { units, parse }
export async function search(q, sort, signal = new AbortController().signal) {
  await open(signal)
  const p = parse(q), { terms, not, fields } = p
  const side = fields[0] === m.text[0] ? 1 : 0, titled = !fields.length || side
  // One token that is not cut says all there is to say of a term.
  const sure = (us) => titled && pairs(us).flat().length === 1 && us[0].t.length + (us[1]?.t.length || 0) < 80
  let all, firsts, exact = terms.concat(not).every(sure)
  const narrowBy = async (list) => {
    for (const lists of await Promise.all(list.map((t) => postings(t, signal)))) {
      all = both(all, lists[side])
      firsts = both(firsts, lists[1])
    }
  }
  if (p.none) all = []
  else {
    const some = Object.entries(p.filters).map(async ([f, ids]) => (await Promise.all(ids.map((id) => postings(f + '=' + id, signal)))).flatMap((l) => l[0]))
    for (const list of await Promise.all(some)) all = both(all, list)
    // Few documents are read sooner than the rest of the words.
    const parts = [0, 1].flatMap((k) => terms.flatMap((t) => pairs(t)[k]))
    while (parts.length && !(all?.length <= page)) await narrowBy(parts.splice(0, 4))
    exact &&= !parts.length
    for (const t of not.filter(sure)) {
      const out = new Set((await postings(pairs(t)[0][0], signal))[side])
      all = all.filter((d) => !out.has(d))
    }
  }
  all = [...new Set(all)].sort((a, b) => b - a)
  const by = sort === 'oldest' ? m.newest : sort === 'wait' && 'days', sign = sort === 'oldest' ? 1 : -1
  if (by) {
    const c = await column(by, signal)
    const key = (d) => (c[d] === undefined ? Infinity : sign * c[d])
    all.sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : b - a))
  }
  const holds = (texts, t) => texts.some((us) => within(us, t))
  const top = new Set(!sort && titled && terms.length ? both(all, firsts) : [])
  let first = all.filter((d) => top.has(d)), rest = all.filter((d) => !top.has(d)), read = 0, matched = 0
  const r = { ...p, most: all.length, exact }
  r.next = async () => {
    const hits = []
    for (let left = budget; hits.length < page && left > 0 && first.length + rest.length; ) {
      const from = first.length ? first : rest
      const some = from.slice(0, Math.min(page - hits.length, left))
      const docs = await Promise.all(some.map((d) => doc(d, signal)))
      const late = []
      docs.forEach((d, i) => {
        const us = (fields.length ? fields : m.text).map((f) => units(d?.text[f] || ''))
        if (!d || !terms.every((t) => holds(us, t)) || not.some((t) => holds(us, t))) return
        // The words may stand in the title, but not as one.
        if (from === first && !terms.every((t) => within(us[0], t))) late.push(some[i])
        else hits.push(d)
      })
      // Nothing is taken away before it was read: a reading may be given up.
      if (from === first) [first, rest] = [first.slice(some.length), late.length ? rest.concat(late).sort((a, b) => b - a) : rest]
      else rest = rest.slice(some.length)
      left -= some.length
      read += some.length - late.length
    }
    matched += hits.length
    r.read = read
    if (!first.length && !rest.length) [r.most, r.exact, r.done] = [matched, true, true]
    return hits
  }
  return r
}

// ---- the page

const el = (tag, props, ...kids) => {
  const e = Object.assign(document.createElement(tag), props)
  e.append(...kids)
  return e
}

// marked returns about most characters of a text around the first term in it,
// every term marked, and how many terms the text holds.
function marked(text, terms, most) {
  const us = units(text), spans = []
  let held = 0
  for (const t of terms) {
    const before = spans.length
    for (const i of places(us, t)) spans.push([us[i].s, us[i + t.length - 1].e])
    if (spans.length > before) held++
  }
  spans.sort((a, b) => a[0] - b[0])
  let at = 0
  if (spans.length && text.length > most) {
    const head = text.slice(0, spans[0][0]), cut = /[^。！？；!?;\n]*$/.exec(head).index
    at = head.length - cut > most / 3 ? us.findLast((u) => u.s <= Math.max(0, head.length - most / 3)).s : cut
  }
  const end = us.findLast((u) => u.e <= at + most)?.e || 0, stop = end > at && text.length > at + most ? end : text.length
  const out = at ? ['…'] : []
  for (const [s, e] of spans) {
    if (e <= at || e > stop) continue
    out.push(text.slice(at, Math.max(s, at)), el('mark', {}, text.slice(Math.max(s, at), e)))
    at = e
  }
  out.push(text.slice(at, stop), stop < text.length ? '…' : '')
  return { out, held }
}

const day = (n) => String(n).replace(/(....)(..)(..)/, '$1-$2-$3')
const address = (id) => new URL(m.site + 'case/' + id + '.html', here).href

// item is a document in the list.
function item(d, p) {
  const [head, ...bodies] = m.text, terms = (f) => (!p.fields.length || p.fields.includes(f) ? p.terms : [])
  const cut = bodies.map((f) => marked(d.text[f] || '', terms(f), 120)).reduce((a, b) => (b.held > a.held ? b : a))
  const lang = m.lang.startsWith(english ? 'en' : 'zh') ? {} : { lang: m.lang }
  const facts = [d.unit && named('unit', d.unit), d.id, d.area && named('area', d.area)]
  facts.push(d.replied ? say('replied', { n: day(d.replied) }) : d.received && say('received', { n: day(d.received) }))
  if (d.days != null) facts.push(say('days', { n: d.days }))
  const line = el('p', {}, ...facts.filter(Boolean).flatMap((x) => [' ', el('span', {}, x)]))
  if (d.status) line.prepend(el('span', { className: 'chip' }, named('status', d.status)))
  return el('li', {},
    el('a', { href: address(d.id), ...lang }, ...(d.text[head] ? marked(d.text[head], terms(head), 1e9).out : [say('untitled')])),
    el('span', { className: 'cut', ...lang }, ...cut.out), line)
}

// mount makes the form in root work: a form with a field q, an element with
// role=status, a list of hits, and a button for more.
function mount(root) {
  const form = root.querySelector('form'), box = form.elements.q, status = root.querySelector('[role=status]')
  const list = root.querySelector('ol'), more = root.querySelector('button[type=button]')
  const order = el('ul', { className: 'order' }), beside = el('div'), still = status.textContent
  list.before(order, beside)
  let running, found, timer, composing, typed
  const asked = (name) => new URL(location).searchParams.get(name) || ''
  const on = (what, type, f) => what.addEventListener(type, f)
  const link = (q, sort) => '?' + new URLSearchParams({ ...(q && { q }), ...(sort && { sort }) })

  // show adds the next hits, and says how many there are; at first it clears away
  // those of the last query, and not before it has what takes their place.
  async function show(mine, first) {
    more.disabled = true
    const hits = await found.next().finally(() => (more.disabled = false))
    if (mine.signal.aborted) return
    if (first) first()
    const items = hits.map((d) => item(d, found))
    list.append(...items)
    const many = (name, n) => say(name, { n: n.toLocaleString('en') }), { most, exact, read } = found
    const sum = exact && !most ? (found.none || found.number ? [] : [say('nothing')]) : exact ? [many('found', most)] : [many('most', most), many('checked', read)]
    status.textContent = sum.concat(found.notes, many('scope', m.docs), m.cutoff ? say('asof', { n: m.cutoff }) : []).join(english ? ' ' : '')
    more.textContent = say('more')
    more.hidden = !!found.done
    return items
  }

  // run answers what the address asks, with as many hits as were shown there.
  async function run() {
    clearTimeout(timer)
    running?.abort()
    const mine = (running = new AbortController()), q = asked('q'), sort = asked('sort')
    const clear = (text) => {
      list.replaceChildren()
      beside.replaceChildren()
      order.replaceChildren()
      more.hidden = true
      status.textContent = text
    }
    if (!q.trim()) return clear('')
    list.ariaBusy = 'true'
    try {
      const r = await search(q, sort, mine.signal)
      if (mine.signal.aborted) return
      found = r
      let first = () => {
        clear('')
        first = 0
        if (r.number) beside.append(el('p', { className: 'help' }, el('a', { href: address(r.number) }, say('open', { n: r.number }))))
        if (r.most > 1) {
          order.append(el('li', {}, say('order')), ...['', 'newest', 'oldest', 'wait'].map((s) => {
            const a = el('a', { href: link(q, s) }, say(s || 'order.'))
            if (s === sort) a.ariaCurrent = 'true'
            return el('li', {}, a)
          }))
        }
      }
      do await show(mine, first)
      while (!mine.signal.aborted && !found.done && list.children.length < (history.state?.shown || 1))
    } catch (e) {
      if (!mine.signal.aborted) clear(typeof e === 'string' ? say(e) : words ? say('bad') : still)
    } finally {
      if (mine === running) list.ariaBusy = 'false'
    }
  }

  // While one types the address follows in one entry of the history.
  function ask(q, sort, replace) {
    if (link(q, sort) === link(asked('q'), asked('sort'))) return
    history[replace ? 'replaceState' : 'pushState'](null, '', link(q, sort))
    run()
  }
  const later = () => {
    clearTimeout(timer)
    if (composing) return
    timer = setTimeout(() => {
      ask(box.value.trim(), asked('sort'), typed)
      typed = true
    }, 250)
  }
  on(box, 'input', later)
  on(box, 'compositionstart', () => { composing = true })
  on(box, 'compositionend', () => { composing = false; later() })
  on(box, 'focus', () => { typed = false })
  on(form, 'submit', (e) => {
    e.preventDefault()
    clearTimeout(timer)
    ask(box.value.trim(), asked('sort'), typed)
    typed = false
  })
  on(order, 'click', (e) => {
    const a = e.target.closest('a')
    if (!a || e.ctrlKey || e.metaKey || e.shiftKey) return
    e.preventDefault()
    ask(asked('q'), new URL(a.href).searchParams.get('sort'))
  })
  on(more, 'click', async () => {
    try {
      const items = await show(running)
      items?.[0]?.querySelector('a').focus()
      history.replaceState({ shown: list.children.length }, '')
    } catch {
      if (!running.signal.aborted) status.textContent = say('bad')
    }
  })
  const back = () => {
    typed = false
    box.value = asked('q')
    run()
  }
  on(window, 'popstate', back)
  back()
}
const root = document.getElementById('search-static')
if (root) mount(root)
