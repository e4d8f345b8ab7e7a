// Shows results as one types. Everything here also works without it: the server
// answers the same addresses with whole pages.
(() => {
  const form = document.getElementById('ask')
  if (!form) return // a static copy, which has no server to ask
  const box = form.elements.q, said = document.getElementById('said')
  const pause = 200 // milliseconds without a key before the server is asked
  const name = document.title
  let shown = location.href // what the results on the page answer
  let timer, running
  let composing = false // a syllable is being turned into a character
  let typed = false // the last entry of the history is of this bout of typing

  // address is where the form leads, with what is filled in and nothing else.
  const address = () => {
    const to = new URL(form.action)
    for (const [k, v] of new FormData(form)) if (v.trim()) to.searchParams.append(k, v.trim())
    to.searchParams.sort()
    return to.href
  }

  // load puts the results of an address in the place of those shown, and says
  // whether it did: a later call ends an earlier one. Where the whole page has
  // to say what is wrong, it is loaded.
  async function load(to) {
    clearTimeout(timer)
    running?.abort()
    const mine = running = new AbortController()
    const part = new URL(to)
    part.searchParams.set('part', 'found')
    document.body.classList.add('busy')
    try {
      const answer = await fetch(part, { signal: mine.signal, credentials: 'omit' })
      const text = await answer.text()
      if (mine !== running) return false
      const found = new DOMParser().parseFromString(text, 'text/html').getElementById('found')
      if (!found) throw new Error('an answer without results')
      replace(document.getElementById('found'), found)
      document.title = found.dataset.title || name
      said.textContent = found.dataset.said
      shown = to
      return true
    } catch {
      if (mine === running) location.assign(to)
      return false
    } finally {
      if (mine === running) document.body.classList.remove('busy')
    }
  }

  // replace keeps the focus: on the control that has the same words in the new
  // results, or else on what they begin with. Whoever turns a page begins there.
  function replace(old, found) {
    const at = old.contains(document.activeElement) && document.activeElement
    old.replaceWith(found)
    if (!at) return
    const first = found.querySelector('.sum') || box
    const turned = at.closest('.pager')
    const same = !turned && [...found.querySelectorAll(at.localName)].find((x) => x.id === at.id && x.textContent === at.textContent)
    ;(same || first).focus({ preventScroll: true })
    if (turned) form.scrollIntoView({ block: 'start' })
  }

  // While one types the address follows in one entry of the history. It stands
  // once the field is left or the form is sent.
  async function type() {
    const to = address()
    if (to === shown || !(await load(to))) return
    history[typed ? 'replaceState' : 'pushState'](null, '', to)
    typed = true
  }
  async function go(to) {
    typed = false
    if (to !== shown && await load(to)) history.pushState(null, '', to)
  }
  const fill = () => { box.value = new URL(shown).searchParams.get('q') || '' }

  box.addEventListener('input', () => {
    clearTimeout(timer)
    if (!composing) timer = setTimeout(type, pause)
  })
  box.addEventListener('compositionstart', () => {
    composing = true
    clearTimeout(timer)
  })
  box.addEventListener('compositionend', () => {
    composing = false
    clearTimeout(timer)
    timer = setTimeout(type, pause)
  })
  box.addEventListener('change', () => { typed = false })
  form.addEventListener('submit', (e) => {
    e.preventDefault()
    clearTimeout(timer)
    go(address())
  })

  // A link among the results to another search is followed in place.
  document.addEventListener('click', async (e) => {
    const a = e.target.closest('#found a[href]')
    if (!a || e.button || e.ctrlKey || e.metaKey || e.shiftKey || e.altKey || a.hasAttribute('download')) return
    if (a.origin !== location.origin || a.pathname !== new URL(form.action).pathname || a.hash) return
    e.preventDefault()
    a.focus()
    await go(a.href)
    fill()
  })
  addEventListener('popstate', async () => {
    typed = false
    const plain = (x) => x.split('#')[0]
    if (plain(location.href) !== plain(shown) && await load(location.href)) fill()
  })
})()
