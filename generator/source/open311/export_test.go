package open311

// Pages lets a feed hand over a page after as many answers, where they have anything.
func (r *Requests) Pages(answers int) { r.pageAnswers = answers }
