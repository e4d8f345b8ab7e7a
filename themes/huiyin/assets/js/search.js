// Shows results as one types. The server answers the same with whole pages.
(() => {
  const form = document.getElementById('ask')
  if (!form) return // a static copy has no server to ask
  const box = form.elements.q, said = document.getElementById('said')
  const pause = 200 // milliseconds
  let shown = location.href // what the results on the page answer
  let typed = false // the last entry of the history is of this bout of typing
  let timer, running

  // address is where the form leads, with what is filled in and nothing else.
  const address = () => {
    const to = new URL(form.action)
    for (const [k, v] of new FormData(form)) if (v.trim()) to.searchParams.append(k, v.trim())
    to.searchParams.sort()
    return to.href
  }

  // show puts the results of an address in the place of those on the page, and
  // the address into the history. A later call ends an earlier one. What fails
  // is left to the browser, but not while one types.
  async function show(to, how, typing) {
    clearTimeout(timer)
    running?.abort()
    const mine = running = new AbortController()
    const part = new URL(to)
    part.searchParams.set('part', 'found')
    document.body.classList.add('busy')
    let found
    try {
      const answer = await fetch(part, { signal: mine.signal, credentials: 'omit' })
      found = new DOMParser().parseFromString(await answer.text(), 'text/html').getElementById('found')
    } catch {} // as without results
    if (mine !== running) return
    if (!found) {
      if (!typing) location.assign(to)
      return
    }
    if (how) history[how](null, '', to)
    shown = to
    typed = !!typing
    if (!typing) box.value = part.searchParams.get('q') || ''
    replace(document.getElementById('found'), found)
    document.title = found.dataset.title
    said.textContent = found.dataset.said
    document.body.classList.remove('busy')
  }

  // replace keeps the focus on the control that is the same, or puts it on what
  // the results begin with. Whoever turns a page begins there.
  function replace(old, found) {
    const at = old.contains(document.activeElement) && document.activeElement
    old.replaceWith(found)
    if (!at) return
    const same = (x) => x.id === at.id && (x.id || x.textContent === at.textContent)
    const turned = at.closest('.pager')
    const next = !turned && [...found.querySelectorAll(at.localName)].find(same)
    ;(next || found.querySelector('.sum') || box).focus({ preventScroll: true })
    if (turned) form.scrollIntoView({ block: 'start' })
  }

  // While one types, one entry of the history follows. It stands once the field
  // is left.
  const type = () => {
    const to = address()
    if (to !== shown) show(to, typed ? 'replaceState' : 'pushState', true)
  }
  const later = (e) => {
    clearTimeout(timer)
    // Not while a syllable is being turned into a character.
    if (!e.isComposing) timer = setTimeout(type, pause)
  }
  box.addEventListener('input', later)
  box.addEventListener('compositionstart', () => clearTimeout(timer))
  box.addEventListener('compositionend', () => later({}))
  box.addEventListener('change', () => { typed = false })
  box.addEventListener('keydown', (e) => {
    if (e.key !== 'Escape' || e.isComposing || !box.value) return
    e.preventDefault()
    box.value = ''
    later(e)
  })
  form.addEventListener('submit', (e) => {
    e.preventDefault()
    show(address(), address() === shown ? '' : 'pushState')
  })

  // A link among the results to another search is followed in place.
  document.addEventListener('click', (e) => {
    const a = e.target.closest('#found a[href]')
    if (!a || e.button || e.ctrlKey || e.metaKey || e.shiftKey || e.altKey || a.hasAttribute('download')) return
    if (a.origin !== location.origin || a.pathname !== new URL(form.action).pathname || a.search === location.search) return
    e.preventDefault()
    a.focus()
    show(a.href, 'pushState')
  })
  addEventListener('popstate', () => {
    const plain = (x) => x.split('#')[0]
    if (plain(location.href) !== plain(shown)) show(location.href)
  })
})()
