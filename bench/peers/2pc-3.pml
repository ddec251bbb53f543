/* 2pc-3: written by bench/peers/promela; change the model, not this. */

byte rm[3];
unsigned tm : 2;
unsigned tmPrepared : 3;
unsigned sentPrepared : 3;
bit sentCommit;
bit sentAbort;

active proctype stateless() { /* transaction_manager, transaction_manager_hears_0, transaction_manager_hears_1, transaction_manager_hears_2, resource_manager_0, resource_manager_1, resource_manager_2 */
end_0:
  do
  :: d_step { (tm == 0) && (((tmPrepared & 1) != 0) && (((tmPrepared & 2) != 0) && ((tmPrepared & 4) != 0))); tm = 1; sentCommit = 1 }
  :: d_step { tm == 0; tm = 2; sentAbort = 1 }
  :: d_step { (tm == 0) && ((sentPrepared & 1) != 0); tmPrepared = tmPrepared | 1 }
  :: d_step { (tm == 0) && ((sentPrepared & 2) != 0); tmPrepared = tmPrepared | 2 }
  :: d_step { (tm == 0) && ((sentPrepared & 4) != 0); tmPrepared = tmPrepared | 4 }
  :: d_step { rm[0] == 0; rm[0] = 1; sentPrepared = sentPrepared | 1; assert(!(((rm[0] == 2) || ((rm[1] == 2) || (rm[2] == 2))) && ((rm[0] == 3) || ((rm[1] == 3) || (rm[2] == 3))))) }
  :: d_step { rm[0] == 0; rm[0] = 3; assert(!(((rm[0] == 2) || ((rm[1] == 2) || (rm[2] == 2))) && ((rm[0] == 3) || ((rm[1] == 3) || (rm[2] == 3))))) }
  :: d_step { sentCommit; rm[0] = 2; assert(!(((rm[0] == 2) || ((rm[1] == 2) || (rm[2] == 2))) && ((rm[0] == 3) || ((rm[1] == 3) || (rm[2] == 3))))) }
  :: d_step { sentAbort; rm[0] = 3; assert(!(((rm[0] == 2) || ((rm[1] == 2) || (rm[2] == 2))) && ((rm[0] == 3) || ((rm[1] == 3) || (rm[2] == 3))))) }
  :: d_step { rm[1] == 0; rm[1] = 1; sentPrepared = sentPrepared | 2; assert(!(((rm[0] == 2) || ((rm[1] == 2) || (rm[2] == 2))) && ((rm[0] == 3) || ((rm[1] == 3) || (rm[2] == 3))))) }
  :: d_step { rm[1] == 0; rm[1] = 3; assert(!(((rm[0] == 2) || ((rm[1] == 2) || (rm[2] == 2))) && ((rm[0] == 3) || ((rm[1] == 3) || (rm[2] == 3))))) }
  :: d_step { sentCommit; rm[1] = 2; assert(!(((rm[0] == 2) || ((rm[1] == 2) || (rm[2] == 2))) && ((rm[0] == 3) || ((rm[1] == 3) || (rm[2] == 3))))) }
  :: d_step { sentAbort; rm[1] = 3; assert(!(((rm[0] == 2) || ((rm[1] == 2) || (rm[2] == 2))) && ((rm[0] == 3) || ((rm[1] == 3) || (rm[2] == 3))))) }
  :: d_step { rm[2] == 0; rm[2] = 1; sentPrepared = sentPrepared | 4; assert(!(((rm[0] == 2) || ((rm[1] == 2) || (rm[2] == 2))) && ((rm[0] == 3) || ((rm[1] == 3) || (rm[2] == 3))))) }
  :: d_step { rm[2] == 0; rm[2] = 3; assert(!(((rm[0] == 2) || ((rm[1] == 2) || (rm[2] == 2))) && ((rm[0] == 3) || ((rm[1] == 3) || (rm[2] == 3))))) }
  :: d_step { sentCommit; rm[2] = 2; assert(!(((rm[0] == 2) || ((rm[1] == 2) || (rm[2] == 2))) && ((rm[0] == 3) || ((rm[1] == 3) || (rm[2] == 3))))) }
  :: d_step { sentAbort; rm[2] = 3; assert(!(((rm[0] == 2) || ((rm[1] == 2) || (rm[2] == 2))) && ((rm[0] == 3) || ((rm[1] == 3) || (rm[2] == 3))))) }
  od
}
