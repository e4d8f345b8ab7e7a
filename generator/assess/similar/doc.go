// Package similar finds groups of similar texts among many short ones.
package similar
