/** Random calls over dtypes, layouts, keys and keywords, held to what real NumPy gave (scripts/oracle/numpy_{calls,keywords}.py). */

import { testCalls } from './calls.ts'

testCalls('random calls give what real NumPy gives', 'numpy_calls')
testCalls('every keyword gives what real NumPy gives', 'numpy_keywords')
