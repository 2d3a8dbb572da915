#ifndef CONVO_CEDIT_H
#define CONVO_CEDIT_H
#endif
